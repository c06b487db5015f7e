// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_memory.h"
#include "engine/execution/executor.h"
#include "engine/kernels/kernels.h"

namespace timestep {

/// Back through the scaled products of all heads: from the gradients of what the heads mixed to
/// those of queries, keys and values. No affinity is kept: a tile of them is computed again from
/// queries, keys and log-sum-exp (FlashAttention: Dao et al., arXiv:2205.14135, algorithm 4).
class HeadsBackward
{
public:
    /// `forward`: what is kept of the forward pass. `lanes`: threads of the executor.
    HeadsBackward(const PlanShape& shape, const Kernels& kernels, AttentionMemory& forward,
        int lanes, MemoryAccount& account);

    /// What the constructor allocates.
    static std::size_t floatsNeeded(const PlanShape& shape, int lanes);

    /// One row: `mixedGradient` (T, D); `queryKeyValueGradient` (T, 3D), written. False when
    /// stopped.
    bool run(int layer, int row, const float* mixedGradient, float* queryKeyValueGradient,
        const Worker& worker) noexcept;

private:
    struct Sizes;
    struct Lane;
    struct Head;
    struct Tile;

    bool runHead(const Head& head) noexcept;
    Tile tileOf(const Head& head, IndexRange queries) const noexcept;
    void packKeysAndValues(const Head& head) noexcept;
    void packQueries(const Tile& tile) noexcept;
    bool runTile(const Tile& tile, IndexRange keys) noexcept;
    void recomputeAffinities(const Tile& tile, IndexRange keys) noexcept;
    void scoreGradients(const Tile& tile, IndexRange keys) noexcept;
    void handOut(const Tile& tile, IndexRange keys) noexcept;
    Lane lane(int number) noexcept;

    const PlanShape m_shape;
    const Kernels& m_kernels;
    AttentionMemory& m_forward;
    const int m_headWidth; // d
    CountedFloats m_scratch; // lanes
};

} // namespace timestep
