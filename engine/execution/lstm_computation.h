// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/dropout.h"
#include "engine/execution/forced_forget_gates.h"
#include "engine/execution/layers_computation.h"
#include "engine/execution/packed_weights.h"
#include "engine/execution/plan.h"
#include "engine/execution/recording.h"
#include "engine/execution/sequences.h"
#include "engine/kernels/kernels.h"

#include <memory>
#include <vector>

namespace timestep {

/// LSTM layers, computed as a plan says. The input half of a chunk of steps is one product of all
/// its rows, x·Wx + b, into a block of gates; the recurrent half goes on from there, h·Wh added in
/// place and then the pointwise step. After given steps there is one, and runGivenSteps leaves what
/// it goes on from; it may then be run again and again. No operation reads what its plan does not
/// order before it, and every number is one chain of multiply-adds: so the bits are the same
/// however the plan is cut. Of a plan of training it runs the way forward, and keeps every step for
/// the way back.
class LstmComputation final : public LayersComputation
{
public:
    struct Setup
    {
        const PackedLstm* weights = nullptr;
        const Kernels* kernels = nullptr;
        SequenceInput input;
        SequenceOutput output;
        Recording* recording = nullptr; // of row 0, where wanted
        const Dropout* dropout = nullptr; // of what layers read, where the plan's shape says so
        const LstmIntervention* intervention
            = nullptr; // in all rows, where wanted; not in training
    };

    /// `lanes`: threads of the executor.
    LstmComputation(const Plan& plan, Setup setup, int lanes, MemoryAccount& account);

    /// What the constructor allocates, the recording left out.
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    void run(const Operation& operation, const Worker& worker) noexcept override;

    bool finite() const override;
    const float* givenHidden(int step) override;

    // What is kept for the way back, (rows, …) of a step, for the rows of one sub-batch.
    float* keptGates(int layer, int step, IndexRange rows) noexcept; // (rows, 4 · units)
    const float* keptCell(int layer, int step, IndexRange rows) noexcept; // (rows, units)
    const float* keptHidden(int layer, int step, IndexRange rows) noexcept; // (rows, units)

    /// Whether what a layer reads has to be gathered: else it is the hidden states below.
    bool gathersInput(int layer) const { return layer == 0 || m_setup.dropout != nullptr; }
    /// From one gathered position to the next: numbers of the input, or units of the layer below.
    int inputStride(int layer) const { return layer == 0 ? m_shape.inputWidth : m_sizes.units; }
    /// What the operation's layer reads, after dropout: `to` (steps, rows, inputStride).
    void gatherInput(const Operation& operation, float* to) noexcept;
    /// Most numbers of a gathered position.
    static int gatheredWidth(const PlanShape& shape);

private:
    /// Numbers of floats: one place for what is allocated and what is announced.
    struct Sizes
    {
        Sizes(const Plan& plan, int lanes);
        int units; // H rounded up to 16
        int blockSteps; // steps of a block of gates
        int largestSubBatch = 0; // rows
        std::size_t gates, gathered, cell;
        std::vector<std::size_t> hiddenSlots; // L: steps of hidden states that are kept
        std::vector<std::size_t> hidden; // L
    };

    bool inputHalf(const Operation& operation, const Worker& worker) noexcept;
    float* gathered(int lane) noexcept;
    bool recurrentStep(const Operation& operation, int step, const Worker& worker) noexcept;
    bool readsStepBefore(int layer, int step) const noexcept;
    void pointwiseStep(const Operation& operation, int step, float* gates) noexcept;
    void forceForgetGates(const Operation& operation, int step, float* gates) noexcept;
    void record(const Operation& operation, int step, const float* gates) noexcept;
    void deliver(const Operation& operation, int step) noexcept;
    float* gates(const Operation& operation, int step, const Worker& worker) noexcept;
    float* hidden(int layer, int step, IndexRange rows) noexcept;
    void beginCells(const Operation& operation, int step) noexcept;
    float* cell(int layer, int step, IndexRange rows) noexcept;
    IndexRange unitsOf(const Operation& operation) const noexcept;

    const PlanShape m_shape;
    const Cut m_cut;
    const Setup m_setup;
    const Sizes m_sizes;
    const ForcedForgetGates m_forced;
    CountedFloats m_gates; // per sub-batch (or lane) of (steps of a block, its rows, 4 · units); in
                           // training, per layer and sub-batch of (T, its rows, 4 · units)
    CountedFloats m_gathered; // per lane (steps of a block, rows, I or, with dropout, units): what
                              // a layer reads side by side
    CountedFloats m_cell; // (L, B, units), and as many that are given where there are any; in
                          // training, per layer and sub-batch of (T, its rows, units)
    CountedFloats m_start; // (units): the hidden state before the first step, zero
    std::vector<std::unique_ptr<CountedFloats>> m_hidden; // L of per sub-batch (slots, rows, units)
};

} // namespace timestep
