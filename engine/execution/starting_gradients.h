// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/text/token.h"

#include <span>
#include <vector>

namespace timestep {

/// What a few targets walk back with: the gradient of log p(target) by the last hidden state, each
/// row brought to a size that a float holds well however sure of its target the model is.
struct StartingGradients
{
    std::vector<TokenId> targets; // (rows): as given, else the best next token, ties to
                                  // the lowest id
    std::vector<double> scales; // (rows): row · scale is the gradient; 0: there is none
    AlignedFloats rows; // (rows, H or D)
};

/// The way back through softmax and head. Immutable.
class HeadBackward
{
public:
    explicit HeadBackward(const PackedModel& model);

    /// `hidden` (rows, `stride`): last hidden states. `targets`: (rows), or none. False when
    /// stopped; `result` is then of no use.
    bool start(const float* hidden, std::size_t stride, int rows, std::span<const TokenId> targets,
        const Worker& worker, StartingGradients& result) const;

private:
    const PackedModel& m_model;
    PackedMatrix m_head; // (V, H or D)
};

} // namespace timestep
