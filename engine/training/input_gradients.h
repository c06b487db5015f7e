// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/parameter_layout.h"
#include "engine/execution/plan.h"
#include "engine/text/token.h"

#include <span>

namespace timestep {

/// What the rows of a batch hand back to the embeddings and positions that they read.
struct InputGradients
{
    std::span<const TokenId> tokens; // (B, T)
    const float* gradient = nullptr; // (B, T, I), of what the first layer read
    float* positions = nullptr; // (rows of the table, I): where theirs are written
    float* embedding = nullptr; // (V, I): where theirs are added to those of the head, if it is
                                // tied, else written
};

/// Of the table rows that begin among `parameters`, numbered as the layout says. Each row of a
/// table is one sum over the batch in its order: the same bits however the parameters are cut.
void addInputGradients(const PlanShape& shape, const ParameterLayout& layout,
    const InputGradients& inputs, IndexRange parameters) noexcept;

} // namespace timestep
