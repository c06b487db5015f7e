// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/dropout.h"
#include "engine/training/adamw.h"
#include "engine/training/input_gradients.h"
#include "engine/training/sub_batch_gradients.h"
#include "engine/training/trained_parameters.h"
#include "engine/training/training_batch.h"
#include "engine/training/update_gate.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace timestep {

struct DropoutSettings
{
    double share = 0; // p of the numbers where dropout_places.h says, in [0, 1)
    std::uint64_t seed = 1;
};

/// One training step of a whole language model, as a plan says: forward, loss, backward, the sum
/// over the sub-batches, the norm of all gradients, and the update of the parameters. Where the
/// norm is no finite number nothing is updated.
class ModelTraining final : public Computation
{
public:
    struct Setup
    {
        TrainedParameters* parameters = nullptr;
        AdamW* optimizer = nullptr; // null: the parameters stay as they are
        UpdateGate* gate = nullptr; // where a step may be given up
        const Kernels* kernels = nullptr;
        double largestNorm = 0; // gradients are clipped to it; 0: never
        /// Sub-batches are summed as they came instead of in their order: what would be
        /// simplest, and is another rounding from run to run.
        bool sumsInOrderOfArrival = false;
        DropoutSettings dropout {}; // as the plan's shape says: a share above 0, or none
        int firstRow = 0; // where in the whole batch row 0 stands: what is dropped depends on it
    };

    /// `lanes`: threads of the executor.
    ModelTraining(const Plan& plan, Setup setup, int lanes, MemoryAccount& account);
    ~ModelTraining() override;

    /// What the constructor allocates.
    static std::size_t bytesNeeded(const Plan& plan, int lanes);

    /// Before each run. The batch has the plan's rows and steps.
    void begin(const TrainingBatch& batch, const AdamWStep& step);

    void run(const Operation& operation, const Worker& worker) noexcept override;

    // After a run that was not stopped.
    double loss() const; // in nats, the mean over the targets that count; may be no number
    double gradientNorm() const; // before clipping; not finite: nothing was updated
    /// Numbered as ParameterLayout says.
    std::vector<float> gradients() const;
    /// The sub-batches in the order in which they were done with a layer (L: with the head). Known
    /// where they are summed so.
    const std::vector<int>& arrival(int layer) const
    {
        return m_arrival[static_cast<std::size_t>(layer)];
    }
    /// What the optimiser reads, in the order of the parameters' tensors.
    const std::vector<ParameterArray>& arrays() const { return m_arrays; }

private:
    struct Sizes;
    struct Lane;

    bool addLoss(const Operation& operation, const Worker& worker) noexcept;
    void dropLastHidden(std::size_t place, float* numbers) const noexcept;
    HeadGradients headGradients(const Operation& operation) noexcept;
    void addInputGradients(IndexRange parameters) noexcept;
    void noteArrival(const Operation& operation) noexcept;
    void reduce(const Operation& operation) noexcept;
    void sumSquares(IndexRange parameters) noexcept;
    void update(IndexRange parameters) noexcept;
    const float* gradientAt(int parameter) const noexcept;
    void listArrays();
    void listBlocks();

    const PlanShape m_shape;
    const Setup m_setup;
    const ParameterLayout& m_layout;
    const int m_gradientStride; // of the last hidden states' gradients
    std::vector<TokenId> m_tokens; // (B, T)
    std::vector<TokenId> m_targets; // (B, T)
    float m_lossScale = 0; // 1 ÷ counted targets
    AdamWStep m_step;
    CountedFloats m_hidden; // (B, T, width): last hidden states
    CountedFloats m_hiddenGradient; // (B, T, gradient stride)
    CountedFloats m_inputGradient; // (B, T, I)
    SubBatchGradients m_headGradients; // bias and head
    CountedFloats m_tailGradients; // positions and, untied, the embedding
    std::vector<double> m_losses; // (B, T): the sum of an operation's stands at its first position
    std::vector<IndexRange> m_blocks; // parameters whose gradients' squares are summed together
    std::vector<double> m_squares; // of the blocks
    std::vector<std::unique_ptr<Lane>> m_lanes;
    CountedBytes m_laneBytes;
    std::optional<Dropout> m_dropout;
    std::unique_ptr<LayersTraining> m_layers;
    std::vector<ParameterArray> m_arrays;
    std::mutex m_arrivalMutex;
    std::vector<std::vector<int>> m_arrival; // L + 1, the head last
};

} // namespace timestep
