// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/model/matrix.h"

namespace timestep {

/// Affinities as whole matrices, for what computes them so: the readable reference, and tests.
class StoredAffinities final : public Affinities
{
public:
    using Matrices = std::vector<std::vector<Matrix<float>>>; // L x A of (T, T)

    StoredAffinities(Matrices matrices, const AttentionMask& mask);

    void read(HeadIndex head, const AffinityTile& tile) const noexcept override;

private:
    const Matrices m_matrices;
};

} // namespace timestep
