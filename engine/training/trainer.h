// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/strategy.h"
#include "engine/execution/trace.h"
#include "engine/training/consolidation.h"
#include "engine/training/learning_rate.h"
#include "engine/training/step_work.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace timestep {

/// Batch `number` of a task, the same whichever were asked for before.
using BatchSource = std::function<TrainingBatch(std::uint64_t number)>;

struct TrainerSettings
{
    int rows = 32; // B
    int steps = 128; // T
    Strategy strategy = Strategy::SubBatch;
    int subBatches = 0; // 0: one a thread. The bits depend on it, and on no thread
    int threads = 1;
    /// k > 0: each sub-batch trains a copy of its own, and every k steps the copies become their
    /// mean (AveragedCopies). 0: one model.
    int averageEvery = 0;
    AdamWSettings optimizer;
    LearningRateSettings learningRate;
    double largestNorm = 1; // gradients are clipped to it; 0: never
    /// Share p of numbers that a step drops, in [0, 1), of those that dropout_places.h lists; the
    /// others are scaled by 1 ÷ (1 − p). Which ones follows from seed, step, row of the whole
    /// batch, position and unit: neither threads nor sub-batches nor copies change it.
    double dropout = 0;
    std::uint64_t seed = 1; // of what is dropped
};

/// Of a training step of `model`. Throws Error where a text is longer than the model's table of
/// positions, and for a dropout out of range.
Plan trainingPlan(const Model& model, const TrainerSettings& settings);

/// What one training step came to.
struct TrainingStep
{
    std::int64_t number = 0; // counted from 1
    double loss = 0; // of its batch, before the update, in nats a target
    double gradientNorm = 0; // before clipping
    double learningRate = 0;
    double seconds = 0;
    std::vector<double> copyLosses; // of averaged copies, each of its own rows
    std::optional<double> copiesApart; // of averaged copies, where the step averaged
    std::optional<Consolidation> consolidation; // of a step that was traced
};

/// Trains a language model batch after batch: the same bits for a model, batches, settings and
/// number of sub-batches, however many threads there are and wherever the training was interrupted.
class Trainer
{
public:
    /// Throws Error for settings out of range, and where a text is longer than the model's table of
    /// positions.
    Trainer(ModelPointer initial, BatchSource batches, const TrainerSettings& settings,
        const Kernels& kernels);

    /// Bytes that a trainer's run would allocate, without the parameters.
    static std::size_t bytesNeeded(const Model& model, const TrainerSettings& settings);

    /// Nothing where it was stopped: the model is then as the step before left it. Throws Error
    /// where the gradients are no finite numbers: likewise. With `trace`, the spans that ran.
    std::optional<TrainingStep> step(std::stop_token stop, Trace* trace = nullptr);

    std::int64_t stepsDone() const { return m_work->stepsDone(); }
    /// Of the last step, before the first one of that.
    const Plan& plan() const { return m_work->plan(); }

    /// As it is after the last step.
    Model model() const;
    TrainerState state() const { return m_work->state(); }
    /// Throws Error for the state of another model.
    void restore(TrainerState state) { m_work->restore(std::move(state)); }

private:
    ModelPointer m_initial;
    BatchSource m_batches;
    LearningRate m_learningRate;
    std::unique_ptr<StepWork> m_work;
    Executor m_executor;
};

} // namespace timestep
