// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/lstm_computation.h"
#include "engine/execution/lstm_gradient_layout.h"
#include "engine/execution/packed_backward.h"
#include "engine/training/layers_training.h"
#include "engine/training/sub_batch_gradients.h"

#include <vector>

namespace timestep {

/// LSTM layers forward and back through time (Werbos, Proc. IEEE 78, 1990), as a training plan
/// says: from the gradient of the last layer's hidden states to those of all weights, summed over
/// rows and steps, and of the input. Only the gradients of the gates wait for the step after; what
/// weights and input get from them are products over all the steps of a chunk. What a weight gets
/// is one chain from the last row of the last step to the first of the first, however the steps are
/// chunked. Each sub-batch sums into gradients of its own; a reduction then adds them to those of
/// the first, in their order. So the bits depend on how many sub-batches there are, and on nothing
/// else.
class LstmTraining final : public LayersTraining
{
public:
    struct Setup
    {
        LstmComputation::Setup forward;
        const PackedLstmBackward* backward = nullptr;
        const float* outputGradient = nullptr; // (B, T, units): of the last layer's hidden states;
                                               // those of padding are zero
        float* inputGradient = nullptr; // (B, T, I), written
    };

    /// `lanes`: threads of the executor.
    LstmTraining(const Plan& plan, Setup setup, int lanes, MemoryAccount& account);

    /// What the constructor allocates.
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    void run(const Operation& operation, const Worker& worker) noexcept override;

    /// Summed over all rows, after a run; laid out as LstmGradientLayout says.
    const float* gradients() const override { return m_gradients.sum(); }
    SubBatchGradients& subBatchGradients() override { return m_gradients; }

private:
    /// Numbers of floats: one place for what is allocated and what is announced.
    struct Sizes
    {
        Sizes(const Plan& plan, int lanes);
        int units; // H rounded up to 16
        int blockPositions; // most steps of a chunk · rows of a sub-batch
        int sliceColumns; // most gates of a slice of units
        bool keepsFromAbove; // of each layer and step
        int stepsFromAbove; // else of those of a chunk
        std::size_t handed, fromAbove, packed, gathered;
    };

    bool backThroughTime(const Operation& operation, const Worker& worker) noexcept;
    bool hiddenGradient(const Operation& operation, int step, const Worker& worker) noexcept;
    void backThroughStep(const Operation& operation, int step) noexcept;
    bool handDown(const Operation& operation, const Worker& worker) noexcept;
    void dropInputGradient(
        int layer, int row, int step, IndexRange numbers, float* gradient) noexcept;
    bool handToInput(const Operation& operation, const Worker& worker) noexcept;
    bool addWeightGradients(const Operation& operation, const Worker& worker) noexcept;
    PackedView packGateGradients(const Operation& operation, int lane) noexcept;
    const float* inputOf(const Operation& operation, int lane) noexcept;
    float* ofState(CountedFloats& states, int layer, IndexRange rows) noexcept; // (rows, units)
    float* fromAbove(int layer, int step, IndexRange rows) noexcept;
    IndexRange unitsOf(const Operation& operation) const noexcept;

    const PlanShape m_shape;
    const Setup m_setup;
    const Sizes m_sizes;
    const LstmGradientLayout m_layout;
    LstmComputation m_forward; // its kept gates become their gradients
    SubBatchGradients m_gradients;
    CountedFloats m_handed; // (L, B, units): what a step gets from the step after, hidden state
    CountedFloats m_cellGradient; // (L, B, units): likewise, cell state
    CountedFloats m_fromAbove; // per sub-batch (steps of a chunk, its rows, units); in a wavefront
                               // L − 1 of per sub-batch (T, its rows, units)
    CountedFloats m_packed; // per lane: gradients of a chunk's gates, packed
    CountedFloats m_gathered; // per lane (steps of a chunk, rows, I or, with dropout, units)
};

/// The gradients of `gradients`, laid out as LstmGradientLayout says, in the shapes of the weights.
std::vector<LstmLayerWeights<float>> lstmGradients(const PlanShape& shape, const float* gradients);

} // namespace timestep
