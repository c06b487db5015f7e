// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trainer.h"

#include "engine/error.h"
#include "engine/execution/copies_plan.h"
#include "engine/execution/strategy_choice.h"
#include "engine/training/averaged_copies.h"
#include "engine/training/one_model_work.h"

#include <chrono>
#include <cmath>
#include <string>
#include <utility>

namespace timestep {

Plan trainingPlan(const Model& model, const TrainerSettings& settings)
{
    const int context = model.shape.context;
    if (model.shape.kind == ModelKind::Attention && context > 0 && settings.steps > context)
        throw Error(model.name + " reads up to " + std::to_string(context)
            + " tokens and cannot be trained on texts of " + std::to_string(settings.steps)
            + "; use shorter texts or a longer context");
    if (!(settings.dropout >= 0 && settings.dropout < 1))
        throw Error("dropout is a share of 0 or more and below 1, not "
            + std::to_string(settings.dropout) + "; 0 drops nothing");
    PlanShape shape = trainingShape(model, settings.rows, settings.steps);
    shape.dropout = settings.dropout > 0;
    return makePlan(
        shape, executedCut(shape, settings.strategy, settings.subBatches, settings.threads));
}

namespace {

std::unique_ptr<StepWork> workOf(
    const Model& model, const TrainerSettings& settings, const Kernels& kernels)
{
    Plan plan = trainingPlan(model, settings);
    const DropoutSettings dropout { settings.dropout, settings.seed };
    if (settings.averageEvery == 0)
        return std::make_unique<OneModelWork>(model, std::move(plan), settings.optimizer,
            settings.largestNorm, dropout, kernels, settings.threads);
    if (settings.strategy != Strategy::SubBatch)
        throw Error("copies that are averaged have whole rows: strategy sub-batch, not "
            + std::string(strategyName(settings.strategy)));
    const AveragedCopies::Settings copies { plan.cut().subBatches, settings.averageEvery,
        settings.optimizer, settings.largestNorm, dropout };
    return std::make_unique<AveragedCopies>(model, plan.shape(), copies, kernels, settings.threads);
}

} // namespace

Trainer::Trainer(ModelPointer initial, BatchSource batches, const TrainerSettings& settings,
    const Kernels& kernels)
    : m_initial(std::move(initial))
    , m_batches(std::move(batches))
    , m_learningRate(settings.learningRate)
    , m_work(workOf(*m_initial, settings, kernels))
    , m_executor(settings.threads)
{
}

std::size_t Trainer::bytesNeeded(const Model& model, const TrainerSettings& settings)
{
    const Plan plan = trainingPlan(model, settings);
    if (settings.averageEvery == 0)
        return ModelTraining::bytesNeeded(plan, settings.threads);
    std::size_t bytes = 0;
    for (const IndexRange rows : subBatchRows(settings.rows, plan.cut().subBatches))
        bytes
            += ModelTraining::bytesNeeded(planOfCopy(plan.shape(), rows.count()), settings.threads);
    return bytes;
}

std::optional<TrainingStep> Trainer::step(std::stop_token stop, Trace* trace)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point begin = Clock::now();
    TrainingStep step;
    step.number = stepsDone() + 1;
    step.learningRate = m_learningRate.at(stepsDone());
    const TrainingBatch batch = m_batches(static_cast<std::uint64_t>(stepsDone()));
    const Plan& plan = m_work->begin(batch, step.learningRate);

    // Once parameters change, all of them do: a stop that comes then is too late for this step.
    std::stop_source giveUp;
    const std::stop_callback forward(stop, [&] {
        if (m_work->giveUp())
            giveUp.request_stop();
    });
    if (m_executor.run(plan, m_work->computation(), giveUp.get_token(), trace)
        == Outcome::Cancelled) {
        m_work->undo();
        return std::nullopt;
    }
    step.loss = m_work->loss();
    step.gradientNorm = m_work->gradientNorm();
    if (!std::isfinite(step.gradientNorm)) {
        m_work->undo();
        throw Error("step " + std::to_string(step.number)
            + ": the gradients are no finite numbers (loss " + std::to_string(step.loss)
            + "), so nothing was updated; use a smaller learning rate");
    }
    step.copyLosses = m_work->copyLosses();
    step.copiesApart = m_work->copiesApart();
    if (trace != nullptr)
        step.consolidation = consolidationOf(plan, *trace);
    step.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return step;
}

Model Trainer::model() const
{
    Model model = *m_initial;
    model.weights = m_work->weights();
    model.origin = "trained, " + std::to_string(stepsDone()) + " steps";
    return model;
}

} // namespace timestep
