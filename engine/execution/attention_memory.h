// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/plan.h"
#include "engine/kernels/packed_matrix.h"

namespace timestep {

/// Where the queries of a tile have got to on their way along the keys.
struct OnlineSoftmax
{
    float* scores; // (group, tile of keys), or (2, keys that few queries meet)
    float* largest; // (tile): largest score so far, to base 2
    float* laneSums; // (tile, 16): Σ weight
    float* mixed; // (tile, mixedStride): Σ weight · value
    int mixedStride; // d rounded up to 16
};

/// What a norm keeps of a position for the way back.
struct NormActivations
{
    float* normalized = nullptr; // (D): x̂, mean 0 and variance 1
    float* inverseDeviation = nullptr;
};

// The norms of a whole model in the order in which a position meets them.
constexpr int attentionNormOf(int layer) { return 2 * layer; }
constexpr int feedForwardNormOf(int layer) { return 2 * layer + 1; }
constexpr int finalNormOf(int layers) { return 2 * layers; }

/// All that attention layers keep during a run, and who may write what: an operation writes only
/// its own positions and heads, sixteen of which never share a cache line with their neighbours.
class AttentionMemory
{
public:
    /// Positions worked on together: enough rows to read each panel of weights once per tile.
    static constexpr int tilePositions = 64;
    /// Queries that meet a tile of keys together: enough to read each key once for several.
    static constexpr int groupQueries = 16;
    /// Keys of a tile: the steps in which the softmax goes on, few, for each scales down what was
    /// gathered; a group's scores (32 KiB) are then about what the first-level cache holds.
    static constexpr int tileKeys = 512;
    /// Keys that one or two queries meet at once: enough columns to hide the latency of a
    /// multiply-add. Whole tiles, or the softmax would go on in other steps than of many queries.
    static constexpr int fewQueriesKeys = 2 * tileKeys;

    AttentionMemory(const Plan& plan, int lanes, MemoryAccount& account);
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    /// From a row's vector to the next row's at the same position, in the three below.
    std::size_t rowStride() const;
    // After given positions these hold one tile: position t stands at t modulo its size.
    float* residual(int row, int position); // (D), handed from block to block; whole models only
    const CountedFloats& residuals() const { return m_residual; }
    // Of every layer in training, else of the one that is being computed.
    float* query(int layer, int row, int position); // (D), heads beside each other
    float* mixed(int layer, int row, int position); // (D); strategy head and training only
    float* layerInput(int layer, int row, int position); // (D); bare training, from layer 1 on

    // Whole models in training; one position after the other.
    NormActivations norm(int number, int row, int position);
    float* expanded(int layer, int row, int position); // (4D), before GELU

    /// Kᵀ of one head (d, T): a key per column.
    PackedView keys(int layer, int row, int head) const;
    void putKey(int layer, int row, int head, int position, const float* key);
    /// V of some positions of one head (positions, d): a value per row.
    PackedView values(int layer, int row, int head, IndexRange positions) const;
    void putValue(int layer, int row, int head, int position, const float* value);

    float* logSumExp(int layer, int head, int row); // (T)
    const float* logSumExp(int layer, int head, int row) const;

    // Scratch of one lane.
    float* narrow(int lane); // (tile, D)
    float* wide(int lane); // (tile, 4D)
    float* mixedTile(int lane); // (tile, D)
    OnlineSoftmax onlineSoftmax(int lane);

private:
    struct Sizes;
    std::size_t placeOf(int row, int position) const; // in (B, positions at once, D)
    std::size_t layerAt(int layer) const; // in (layers, B, positions at once, D)
    std::size_t keysAt(int layer, int row, int head) const;
    std::size_t valuesAt(int layer, int row, int head) const;

    const PlanShape m_shape;
    const int m_headWidth;
    const int m_positions; // at once
    const int m_layersKept; // of keys and values; layer l uses l modulo this
    const int m_activationsKept; // of queries and what heads mixed: likewise
    CountedFloats m_residual; // (B, positions at once, D)
    CountedFloats m_query; // (kept layers, B, positions at once, D)
    CountedFloats m_mixed; // (kept layers, B, positions at once, D)
    CountedFloats m_layerInput; // (L − 1, B, T, D), in training of bare layers
    // In training of whole models.
    CountedFloats m_normalized; // (2L + 1, B, T, D)
    CountedFloats m_inverseDeviation; // (2L + 1, B, T)
    CountedFloats m_expanded; // (L, B, T, 4D)
    CountedFloats m_keys; // (kept layers, B, A) of packed (d, T)
    CountedFloats m_values; // (kept layers, B, A) of packed (T, d)
    CountedFloats m_logSumExp; // (L, A, B, T)
    CountedFloats m_scratch; // lanes of narrow, wide, mixedTile, scores
};

} // namespace timestep
