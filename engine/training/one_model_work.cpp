// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/one_model_work.h"

#include "engine/error.h"

#include <algorithm>
#include <utility>

namespace timestep {

OneModelWork::OneModelWork(const Model& model, Plan plan, const AdamWSettings& optimizer,
    double largestNorm, const DropoutSettings& dropout, const Kernels& kernels, int lanes)
    : m_plan(std::move(plan))
    , m_parameters(trainedParameters(model, m_plan.shape()))
    , m_optimizer(m_parameters->values().size(), optimizer)
{
    ModelTraining::Setup setup;
    setup.parameters = m_parameters.get();
    setup.optimizer = &m_optimizer;
    setup.gate = &m_gate;
    setup.kernels = &kernels;
    setup.largestNorm = largestNorm;
    setup.dropout = dropout;
    m_training = std::make_unique<ModelTraining>(m_plan, setup, lanes, m_account);
}

const Plan& OneModelWork::begin(const TrainingBatch& batch, double learningRate)
{
    m_gate.reset();
    m_training->begin(batch, m_optimizer.nextStep(learningRate));
    return m_plan;
}

TrainerState OneModelWork::state() const
{
    const std::span<const float> values = std::as_const(*m_parameters).values();
    return { { values.begin(), values.end() }, m_optimizer.state() };
}

void OneModelWork::restore(TrainerState state)
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
