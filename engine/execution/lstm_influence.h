// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/influence_walk.h"
#include "engine/execution/kept_lstm.h"
#include "engine/execution/packed_backward.h"

namespace timestep {

/// Back through time with a chain for each target. All chains meet the same weights, so that a step
/// is one product for all of them; it begins at the last target, and each chain joins at its own.
class LstmInfluence final : public InfluenceWalk
{
public:
    LstmInfluence(const PackedLstmBackward& weights, const Kernels& kernels, KeptLstm kept,
        int width, int embedding);

    int targetsAtOnce() const override;
    const float* hidden(int position) const override;
    std::size_t hiddenStride() const override;
    bool walk(IndexRange targets, const float* gradients, const Worker& worker,
        double* norms) const override;

private:
    struct Chains;
    bool stepBack(int t, int active, const Worker& worker, Chains& chains) const;

    const PackedLstmBackward& m_weights;
    const Kernels& m_kernels;
    const KeptLstm m_kept;
    const int m_width; // H
    const int m_embedding; // E
};

} // namespace timestep
