// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_computation.h"
#include "engine/execution/attention_gradient_layout.h"
#include "engine/execution/packed_backward.h"
#include "engine/training/attention_gradient_memory.h"
#include "engine/training/feed_forward_backward.h"
#include "engine/training/heads_backward.h"
#include "engine/training/layers_training.h"
#include "engine/training/sub_batch_gradients.h"

#include <vector>

namespace timestep {

/// Attention layers forward and back, whole GPT-2 blocks or bare ones, as a training plan of the
/// executed grain says: from the gradient of what comes out of the last layer to those of all
/// weights, summed over rows and positions, and of the input. Every gradient is one chain over the
/// rows of a sub-batch and their positions in order: the bits depend on the sub-batches alone.
class AttentionTraining final : public LayersTraining
{
public:
    struct Setup
    {
        AttentionComputation::Setup forward;
        const std::vector<PackedAttentionLayerBackward>* backward = nullptr; // L
        /// (B, T, D): of the last layer's output; of whole models of the last hidden states, after
        /// the final norm.
        const float* outputGradient = nullptr;
        /// (B, T, D), written: of what the first layer reads, in whole models embedding + position.
        float* inputGradient = nullptr;
    };

    /// `lanes`: threads of the executor.
    AttentionTraining(const Plan& plan, Setup setup, int lanes, MemoryAccount& account);

    /// What the constructor allocates.
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    void run(const Operation& operation, const Worker& worker) noexcept override;

    /// Summed over all rows, after a run; laid out as AttentionGradientLayout says.
    const float* gradients() const override { return m_gradients.sum(); }
    SubBatchGradients& subBatchGradients() override { return m_gradients; }

private:
    bool backThroughLayer(const Operation& operation, const Worker& worker) noexcept;
    void backThroughFinalNorm(int row) noexcept;
    bool backThroughAttention(int layer, int row, const Worker& worker) noexcept;
    bool backThroughProjections(int layer, int row, const Worker& worker) noexcept;
    void dropGradients(int place, int row, float* gradients) noexcept;
    bool addWeightGradients(const Operation& operation, const Worker& worker) noexcept;
    bool addAttentionGradients(int layer, int row, const Worker& worker) noexcept;
    const float* attentionInput(int layer, int row, const Worker& worker) noexcept; // (T, D)
    void addNormGradientsOf(const NormBackward& norm, int gain, int bias, int row) noexcept;
    NormBackward attentionNorm(int layer, int row) noexcept;
    NormBackward finalNorm(int row) noexcept;
    const float* attentionOutputGradient(int layer, int row) noexcept; // (T, D)
    float* inputGradient(int layer, int row) noexcept; // (T, D)
    const AttentionLayerWeights<float>& weights(int layer) const noexcept;

    const PlanShape m_shape;
    const Setup m_setup;
    const AttentionGradientLayout m_layout;
    AttentionComputation m_forward;
    SubBatchGradients m_gradients;
    AttentionGradientMemory m_memory;
    HeadsBackward m_heads;
    FeedForwardBackward m_feedForward; // whole blocks
};

/// The gradients of `gradients`, laid out as AttentionGradientLayout says, in the shapes of the
/// weights; norms and feed-forward are empty where `shape` is of bare layers.
std::vector<AttentionLayerWeights<float>> attentionGradients(
    const PlanShape& shape, const float* gradients);

struct FinalNormGradients
{
    RowVector<float> gain, bias; // (D)
};

/// Likewise of the final norm; whole blocks.
FinalNormGradients finalNormGradients(const PlanShape& shape, const float* gradients);

} // namespace timestep
