// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/training/adamw.h"
#include "engine/training/trained_parameters.h"
#include "engine/training/training_batch.h"

#include <optional>
#include <variant>
#include <vector>

namespace timestep {

/// A training that can be left and taken up again.
struct TrainerState
{
    std::vector<float>
        parameters; // numbered as ParameterLayout says; of copies one after the other
    AdamWState optimizer; // likewise
    bool operator==(const TrainerState&) const = default;
};

/// What a trainer repeats: a training step of one model, or of copies of it.
class StepWork
{
public:
    virtual ~StepWork() = default;

    /// Before each run: the plan that the next step runs, which `computation` computes.
    virtual const Plan& begin(const TrainingBatch& batch, double learningRate) = 0;
    virtual Computation& computation() = 0;
    /// From any thread, during a run: see UpdateGate::close.
    virtual bool giveUp() noexcept = 0;
    /// The step that was begun was given up, or its gradients were no numbers.
    virtual void undo() = 0;

    virtual std::int64_t stepsDone() const = 0;
    // Of the last step.
    virtual double loss() const = 0;
    virtual double gradientNorm() const = 0; // of copies the longest
    virtual std::optional<double> copiesApart() const { return std::nullopt; }
    virtual std::vector<double> copyLosses() const { return {}; } // of copies one each

    virtual const Plan& plan() const = 0; // of the last step, or of the first
    virtual std::variant<LstmWeights<float>, AttentionWeights<float>> weights() const = 0;
    virtual TrainerState state() const = 0;
    /// Throws Error for the state of another model.
    virtual void restore(TrainerState state) = 0;
};

} // namespace timestep
