// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/plan.h"

namespace timestep {

/// The gradients of what attention layers compute, of every row, from a layer's way back to the
/// gradients of its weights. A layer writes over those of the layer above: one task does both,
/// layer after layer.
class AttentionGradientMemory
{
public:
    /// `lanes`: threads of the executor.
    AttentionGradientMemory(const PlanShape& shape, int lanes, MemoryAccount& account);

    /// What the constructor allocates.
    static std::size_t floatsNeeded(const PlanShape& shape, int lanes);

    // Of one row; the input of a layer is the output of the one below.
    float* output(int layer, int row); // (T, D); of bare layers not the last
    float* queryKeyValue(int row); // (T, 3D)
    // Whole blocks.
    float* attended(int row); // (T, D): the residual stream between attention and feed-forward,
                              // then what the projection put out
    float* attentionNorm(int row); // (T, D): of the norm's output
    float* feedForwardNorm(int row); // (T, D): of the norm's output
    float* expanded(int row); // (T, 4D): before GELU

    // Scratch of one lane.
    float* rows(int lane); // (T, D), (T, 4D) of whole blocks
    float* packed(int lane); // (T, 3D) packed, (T, 4D) of whole blocks

private:
    struct Sizes;
    float* ofRow(CountedFloats& all, int row, int widths);

    const PlanShape m_shape;
    CountedFloats m_output; // (2, B, T, D), layers taking turns
    CountedFloats m_queryKeyValue; // (B, T, 3D)
    CountedFloats m_attended; // (B, T, D)
    CountedFloats m_attentionNorm; // (B, T, D)
    CountedFloats m_feedForwardNorm; // (B, T, D)
    CountedFloats m_expanded; // (B, T, 4D)
    CountedFloats m_scratch; // lanes of rows, packed
};

} // namespace timestep
