// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_computation.h"
#include "engine/execution/attention_gradient_layout.h"
#include "engine/execution/packed_backward.h"
#include "engine/training/sub_batch_gradients.h"

#include <vector>

namespace timestep {

/// Bare attention layers forward and back, as a training plan says: from the gradient of the last
/// layer's output to those of all weights, summed over rows and positions, and of the input. No
/// affinity is kept: a tile of them is computed again from queries, keys and log-sum-exp
/// (FlashAttention: Dao et al., arXiv:2205.14135, algorithm 4).
class AttentionTraining final : public Computation
{
public:
    struct Setup
    {
        AttentionComputation::Setup forward;
        const std::vector<PackedAttentionLayerBackward>* backward = nullptr; // L
        const float* outputGradient = nullptr; // (B, T, D): of the last layer's output
        float* inputGradient = nullptr; // (B, T, D), written
    };

    /// `lanes`: threads of the executor.
    AttentionTraining(const Plan& plan, Setup setup, int lanes, MemoryAccount& account);

    /// What the constructor allocates.
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    void run(const Operation& operation, const Worker& worker) noexcept override;

    /// Summed over all rows, after a run; laid out as AttentionGradientLayout says.
    const float* gradients() const { return m_gradients.sum(); }

private:
    struct Sizes;
    struct Lane;
    struct Tile;

    bool backThroughLayer(const Operation& operation, const Worker& worker) noexcept;
    bool backThroughRow(int layer, int row, const Worker& worker) noexcept;
    bool backThroughHead(int layer, int row, int head, const Worker& worker) noexcept;
    void packKeysAndValues(int layer, int row, int head, int lane) noexcept;
    void packQueries(const Tile& tile) noexcept;
    bool backThroughTile(const Tile& tile, IndexRange keys) noexcept;
    void recomputeAffinities(const Tile& tile, IndexRange keys) noexcept;
    void scoreGradients(const Tile& tile, IndexRange keys) noexcept;
    void handOut(const Tile& tile, IndexRange keys) noexcept;
    bool addWeightGradients(const Operation& operation, const Worker& worker) noexcept;
    bool addProduct(const float* input, const float* gradient, int columns, float* weights,
        float* bias, bool first, const Worker& worker) noexcept;
    Lane lane(int number) noexcept;
    float* queryKeyValueGradient(int layer, int row) noexcept; // (T, 3D)
    const float* outputGradient(int layer, int row) const noexcept; // (T, D)
    const float* inputOf(int layer, int row) noexcept; // (T, D)

    const PlanShape m_shape;
    const Setup m_setup;
    const int m_headWidth; // d
    const AttentionGradientLayout m_layout;
    AttentionComputation m_forward;
    SubBatchGradients m_gradients;
    CountedFloats m_outputGradient; // (L − 1, B, T, D): of all layers but the last
    CountedFloats m_queryKeyValue; // (L, B, T, 3D): gradients
    CountedFloats m_scratch; // lanes
};

/// The gradients of `gradients`, laid out as AttentionGradientLayout says, in the shapes of the
/// weights.
std::vector<AttentionLayerWeights<float>> attentionGradients(
    const PlanShape& shape, const float* gradients);

} // namespace timestep
