// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/model_training.h"
#include "engine/training/step_work.h"

namespace timestep {

/// Steps of one model, however its plan shares them out.
class OneModelWork final : public StepWork
{
public:
    OneModelWork(const Model& model, Plan plan, const AdamWSettings& optimizer, double largestNorm,
        const DropoutSettings& dropout, const Kernels& kernels, int lanes);

    const Plan& begin(const TrainingBatch& batch, double learningRate) override;
    Computation& computation() override { return *m_training; }
    bool giveUp() noexcept override { return m_gate.close(); }
    void undo() override { m_optimizer.undoStep(); }

    std::int64_t stepsDone() const override { return m_optimizer.state().steps; }
    double loss() const override { return m_training->loss(); }
    double gradientNorm() const override { return m_training->gradientNorm(); }

    const Plan& plan() const override { return m_plan; }
    std::variant<LstmWeights<float>, AttentionWeights<float>> weights() const override
    {
        return m_parameters->weights();
    }
    TrainerState state() const override;
    void restore(TrainerState state) override;

private:
    Plan m_plan;
    std::unique_ptr<TrainedParameters> m_parameters;
    AdamW m_optimizer;
    UpdateGate m_gate;
    MemoryAccount m_account;
    std::unique_ptr<ModelTraining> m_training;
};

} // namespace timestep
