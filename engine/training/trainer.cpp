// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trainer.h"

#include "engine/error.h"
#include "engine/execution/strategy_choice.h"

#include <algorithm>
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
    const PlanShape shape = trainingShape(model, settings.rows, settings.steps);
    return makePlan(
        shape, executedCut(shape, settings.strategy, settings.subBatches, settings.threads));
}

Trainer::Trainer(ModelPointer initial, BatchSource batches, const TrainerSettings& settings,
    const Kernels& kernels)
    : m_initial(std::move(initial))
    , m_batches(std::move(batches))
    , m_settings(settings)
    , m_learningRate(settings.learningRate)
    , m_plan(trainingPlan(*m_initial, settings))
    , m_parameters(trainedParameters(*m_initial, m_plan.shape()))
    , m_optimizer(m_parameters->values().size(), settings.optimizer)
    , m_training(std::make_unique<ModelTraining>(m_plan,
          ModelTraining::Setup { m_parameters.get(), &m_optimizer, &kernels, settings.largestNorm },
          settings.threads, m_account))
    , m_executor(settings.threads)
{
}

std::size_t Trainer::bytesNeeded(const Model& model, const TrainerSettings& settings)
{
    return ModelTraining::bytesNeeded(trainingPlan(model, settings), settings.threads);
}

std::optional<TrainingStep> Trainer::step(std::stop_token stop, Trace* trace)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point begin = Clock::now();
    TrainingStep step;
    step.number = stepsDone() + 1;
    step.learningRate = m_learningRate.at(stepsDone());
    m_training->begin(m_batches(static_cast<std::uint64_t>(stepsDone())),
        m_optimizer.nextStep(step.learningRate));

    // Once parameters change, all of them do: a stop that comes then is too late for this step.
    std::stop_source giveUp;
    const std::stop_callback forward(stop, [&] {
        if (m_training->giveUp())
            giveUp.request_stop();
    });
    if (m_executor.run(m_plan, *m_training, giveUp.get_token(), trace) == Outcome::Cancelled) {
        m_optimizer.undoStep();
        return std::nullopt;
    }
    step.loss = m_training->loss();
    step.gradientNorm = m_training->gradientNorm();
    if (!std::isfinite(step.gradientNorm)) {
        m_optimizer.undoStep();
        throw Error("step " + std::to_string(step.number)
            + ": the gradients are no finite numbers (loss " + std::to_string(step.loss)
            + "), so nothing was updated; use a smaller learning rate");
    }
    step.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return step;
}

Model Trainer::model() const
{
    Model model = *m_initial;
    model.weights = m_parameters->weights();
    model.origin = "trained, " + std::to_string(stepsDone()) + " steps";
    return model;
}

TrainerState Trainer::state() const
{
    const std::span<const float> values = std::as_const(*m_parameters).values();
    return { { values.begin(), values.end() }, m_optimizer.state() };
}

void Trainer::restore(TrainerState state)
{
    const std::span<float> values = m_parameters->values();
    if (state.parameters.size() != values.size())
        throw Error("the checkpoint is that of " + std::to_string(state.parameters.size())
            + " parameters, but the model has " + std::to_string(values.size())
            + "; resume with the model that it was kept with");
    m_optimizer.restore(std::move(state.optimizer));
    std::copy(state.parameters.begin(), state.parameters.end(), values.begin());
    m_parameters->packAll();
}

} // namespace timestep
