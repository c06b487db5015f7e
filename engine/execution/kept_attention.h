// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/model/attention_mask.h"
#include "engine/text/token.h"

#include <optional>
#include <span>
#include <vector>

namespace timestep {

/// Queries in blocks as wide as a panel of the multiply kernel: what is computed for a block, a key
/// per row and a query per column, is a left operand of one product and a right operand of
/// another as it stands.
struct QueryBlocks
{
    static constexpr int size = panelColumns;

    int steps = 0; // T: positions in all, or those that a target sees
    AttentionMask mask;

    int count() const { return (steps + size - 1) / size; }
    int first(int block) const { return block * size; }
    int queries(int block) const { return std::min(size, steps - first(block)); }
    int columns(int block) const { return roundUpToLanes(queries(block)); }
    /// Keys up to the last that the block sees. Those before a window are kept as exact zeros.
    int keys(int block) const
    {
        return mask.keysSeenBy({ first(block), first(block) + queries(block) }, steps).end;
    }
};

/// What one text makes of layer norm, kept for the way back.
struct KeptNorm
{
    AlignedFloats normalized; // (T, D): mean 0 and variance 1 in each row
    std::vector<float> inverseDeviation; // (T)
};

struct KeptAttentionLayer
{
    KeptNorm attentionNorm, feedForwardNorm;
    AlignedFloats queryKeyValue; // (T, 3D)
    AlignedFloats keysTransposed; // (D, keysStride)
    std::vector<PackedMatrix> queries; // (A, blocks) of (48, d)
    std::vector<AlignedFloats> affinity; // (A, blocks) of (keys, columns): transposed
    AlignedFloats geluDerivative; // (T, 4D)
};

/// What one text makes of attention's blocks, kept for the way back: the affinities are the only
/// part that grows with T².
struct KeptAttention
{
    QueryBlocks blocks; // of all T positions
    int keysStride = 0; // an odd number of cache lines, so that its rows share no set of a cache
    std::vector<KeptAttentionLayer> layers; // L
    KeptNorm finalNorm;
    AlignedFloats hidden; // (T, D), the last hidden states
};

/// Runs the blocks over `tokens` on the calling thread: short beside the way back. Equal to a run
/// within rounding. Empty when stopped.
std::optional<KeptAttention> keepAttention(
    const PackedModel& model, std::span<const TokenId> tokens, bool causal, const Worker& worker);

} // namespace timestep
