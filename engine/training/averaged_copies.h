// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/model_training.h"
#include "engine/training/step_work.h"

#include <memory>
#include <vector>

namespace timestep {

/// Each sub-batch trains a copy of its own; every k steps all copies become their mean, each
/// weighted with its rows (local SGD: Stich, arXiv:1805.09767; every copy keeps the moments of its
/// own optimiser). Nothing is exchanged in between, and what is learned is not what one model
/// learns from the whole batch.
class AveragedCopies final : public StepWork
{
public:
    struct Settings
    {
        int copies = 2; // at most the rows
        int averageEvery = 1; // k
        AdamWSettings optimizer;
        double largestNorm = 0;
        DropoutSettings dropout {};
    };

    AveragedCopies(const Model& model, const PlanShape& shape, const Settings& settings,
        const Kernels& kernels, int lanes);
    ~AveragedCopies() override;

    const Plan& begin(const TrainingBatch& batch, double learningRate) override;
    Computation& computation() override;
    bool giveUp() noexcept override { return m_gate.close(); }
    void undo() override;

    std::int64_t stepsDone() const override;
    double loss() const override;
    double gradientNorm() const override;
    /// The largest distance of a copy from their mean, relative to the length of the mean, where
    /// the last step averaged.
    std::optional<double> copiesApart() const override;
    std::vector<double> copyLosses() const override;

    const Plan& plan() const override;
    /// The mean of the copies.
    std::variant<LstmWeights<float>, AttentionWeights<float>> weights() const override;
    TrainerState state() const override;
    void restore(TrainerState state) override;

private:
    struct Copy;
    class Work;

    bool averagesAfter(std::int64_t steps) const { return steps % m_averageEvery == 0; }
    void average(IndexRange parameters) noexcept;
    void averageNumbers(IndexRange numbers, std::span<double> squares) noexcept;

    const ModelShape m_model;
    const int m_averageEvery;
    const Plan m_alone; // a step that ends with the updates
    const Plan m_averaging; // a step that ends with the mean
    UpdateGate m_gate;
    MemoryAccount m_account;
    std::vector<std::unique_ptr<Copy>> m_copies;
    std::unique_ptr<Work> m_work;
    std::vector<IndexRange> m_slices; // of the parameters, averaged by one operation each
    std::vector<double> m_squares; // per slice, in the last averaging: Σ of the mean's squares,
                                   // then of each copy's distance from it
};

} // namespace timestep
