// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_gradient_layout.h"
#include "engine/execution/attention_memory.h"
#include "engine/execution/dropout.h"
#include "engine/execution/executor.h"
#include "engine/execution/packed_backward.h"
#include "engine/training/attention_gradient_memory.h"
#include "engine/training/norm_backward.h"

namespace timestep {

/// Back through the feed-forward half of GPT-2 blocks, norm included. GELU and its derivative are
/// worked out again from what the forward pass kept, (T, 4D) of a row; so is the norm's output.
class FeedForwardBackward
{
public:
    struct Setup
    {
        const Kernels* kernels = nullptr;
        const std::vector<AttentionLayerWeights<float>>* weights = nullptr; // L
        const std::vector<PackedAttentionLayerBackward>* backward = nullptr; // L
        AttentionMemory* forward = nullptr;
        AttentionGradientMemory* gradients = nullptr;
        const Dropout* dropout = nullptr; // of what the contraction put out
    };

    FeedForwardBackward(const PlanShape& shape, const Setup& setup);

    /// One row, from the gradients of the block's output to those of the residual stream between
    /// attention and feed-forward. With dropout the former become those of what the contraction put
    /// out. False when stopped.
    bool run(int layer, int row, const Worker& worker) noexcept;

    /// What a row adds to the gradients of the weights, after `run`; `sums` is laid out as
    /// AttentionGradientLayout says. False when stopped.
    bool addWeightGradients(
        int layer, int row, float* sums, bool isFirst, const Worker& worker) noexcept;

private:
    bool runTile(int layer, int row, IndexRange positions, const Worker& worker) noexcept;
    bool activate(int layer, int row, float* activated, const Worker& worker) noexcept;
    NormBackward norm(int layer, int row, IndexRange positions) noexcept;

    const PlanShape m_shape;
    const Setup m_setup;
    const AttentionGradientLayout m_layout;
};

} // namespace timestep
