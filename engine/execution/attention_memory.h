// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/plan.h"
#include "engine/kernels/packed_matrix.h"

namespace timestep {

/// All that attention layers keep during a run, and who may write what: an operation writes only
/// its own positions and heads, sixteen of which never share a cache line with their neighbours.
class AttentionMemory
{
public:
    /// Positions worked on together: enough rows to read each panel of weights once per tile.
    static constexpr int tilePositions = 64;
    /// Queries that meet the keys together: two tiles of eight rows.
    static constexpr int groupQueries = 16;

    AttentionMemory(const Plan& plan, int lanes, MemoryAccount& account);
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    float* residual(int row, int position); // (D), handed from block to block; whole models only
    const CountedFloats& residuals() const { return m_residual; }
    float* query(int row, int position); // (D), heads beside each other
    float* mixed(int row, int position); // (D); strategy head only

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
    float* scores(int lane); // (group, T rounded up to 16)

private:
    struct Sizes;
    std::size_t keysAt(int layer, int row, int head) const;
    std::size_t valuesAt(int layer, int row, int head) const;

    const PlanShape m_shape;
    const int m_headWidth;
    const int m_layersKept; // of keys and values; layer l uses l modulo this
    CountedFloats m_residual; // (B, T, D)
    CountedFloats m_query; // (B, T, D)
    CountedFloats m_mixed; // (B, T, D)
    CountedFloats m_keys; // (kept layers, B, A) of packed (d, T)
    CountedFloats m_values; // (kept layers, B, A) of packed (T, d)
    CountedFloats m_logSumExp; // (L, A, B, T)
    CountedFloats m_scratch; // lanes of narrow, wide, mixedTile, scores
};

} // namespace timestep
