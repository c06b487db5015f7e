// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_memory.h"
#include "engine/execution/dropout.h"
#include "engine/execution/layers_computation.h"
#include "engine/execution/packed_weights.h"
#include "engine/execution/plan.h"
#include "engine/execution/recomputed_affinities.h"
#include "engine/execution/sequences.h"
#include "engine/kernels/kernels.h"

namespace timestep {

/// Attention layers, computed as a plan says: whole GPT-2 blocks, or bare layers of four
/// projections and scaled products. Attention is the only part that mixes positions; the rest is
/// worked tile by tile. Queries meet the keys they may see in tiles that end at multiples of 512,
/// with the online softmax, so that no more than a tile of the T x T affinities exists at once
/// (FlashAttention: Dao et al., arXiv:2205.14135). After given positions there is one query, and
/// runGivenSteps leaves the keys and values it looks at. Every number is one chain in a fixed
/// order: the bits are the same however the plan is cut.
class AttentionComputation final : public LayersComputation
{
public:
    struct Setup
    {
        const PackedAttention* weights = nullptr;
        const Kernels* kernels = nullptr;
        SequenceInput input; // width D
        const Matrix<float>* positions
            = nullptr; // (≥ 1, D), the last row serves all later positions
        const RowVector<float>* finalNormGain = nullptr; // (D); whole models
        const RowVector<float>* finalNormBias = nullptr; // (D)
        float epsilon = 1e-5F; // of the norms
        SequenceOutput output;
        RecomputedAffinities* affinities = nullptr; // of row 0, where wanted
        const Dropout* dropout = nullptr; // whole models in training, where wanted
    };

    /// `lanes`: threads of the executor.
    AttentionComputation(const Plan& plan, Setup setup, int lanes, MemoryAccount& account);

    /// What the constructor allocates, the affinities left out.
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    void run(const Operation& operation, const Worker& worker) noexcept override;

    /// log Σ exp(score) of each query, (L, A, B, T).
    const float* logSumExp() const { return m_memory.logSumExp(0, 0, 0); }

    bool finite() const override;
    const float* givenHidden(int step) override; // whole models only

    /// What is kept of a run: in training, all that the way back needs.
    AttentionMemory& memory() { return m_memory; }

private:
    struct Tile;
    struct Norm;
    bool runTile(const Operation& operation, const Tile& tile, const Worker& worker) noexcept;
    void readInput(const Tile& tile) noexcept;
    std::size_t mixedStride(const Tile& tile) const noexcept;
    const float* attentionNorm(int layer, const Tile& tile) noexcept;
    bool makeQueriesKeysValues(
        int layer, const Tile& tile, const float* x, std::size_t stride) noexcept;
    void scatter(int layer, const Tile& tile, const float* queryKeyValue) noexcept;
    bool attendHeads(
        int layer, const Tile& tile, IndexRange heads, float* mixed, std::size_t stride) noexcept;
    bool attend(int layer, const Tile& tile, int head, float* mixed) noexcept;
    void meetKeys(
        int layer, const Tile& tile, int head, IndexRange queries, IndexRange keys) noexcept;
    void hideKeys(
        IndexRange queries, IndexRange keys, float* scores, std::size_t stride) const noexcept;
    void scoreKeys(int layer, const Tile& tile, int head, IndexRange queries, IndexRange keys,
        float* scores) noexcept;
    void mixValues(int layer, const Tile& tile, int head, IndexRange queries, IndexRange keys,
        const float* weights, int weightsStride) noexcept;
    void finishQueries(int layer, const Tile& tile, int head, float* mixed) noexcept;
    bool finishLayer(int layer, const Tile& tile, const float* mixed, std::size_t stride) noexcept;
    float* outputOf(const Tile& tile, int i) const noexcept;
    bool feedForward(int layer, const Tile& tile) noexcept;
    void addToResiduals(const Tile& tile, int dropoutPlace, float* addend) noexcept;
    bool multiply(const Tile& tile, const float* a, std::size_t stride, const PackedMatrix& b,
        const RowVector<float>& bias, float* c, std::size_t cStride) noexcept;
    // Of the residuals; y: (tile, D), (D).
    void normalizeTile(const Tile& tile, const Norm& norm, float* y) noexcept;
    void normalize(const Norm& norm, int row, int position, float* y) noexcept;

    const PlanShape m_shape;
    const Setup m_setup;
    const int m_headWidth; // d = D ÷ A
    AttentionMemory m_memory;
};

} // namespace timestep
