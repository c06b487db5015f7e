// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/kept_lstm.h"

#include "engine/execution/strategy_choice.h"
#include "engine/execution/text_layers.h"

namespace timestep {

std::optional<KeptLstm> keepLstm(
    const PackedModel& model, std::span<const TokenId> tokens, const Worker& worker)
{
    const auto& plain = std::get<LstmWeights<float>>(model.model()->weights);
    LstmComputation::Setup setup;
    setup.weights = &std::get<PackedLstm>(model.weights());
    setup.kernels = &model.kernels();
    setup.input.width = static_cast<int>(plain.embedding.cols());
    setup.input.steps = static_cast<int>(tokens.size());
    setup.input.embedding = plain.embedding.data();
    setup.input.tokens = tokens;

    PlanShape shape = planShapeOf(model.model()->shape, setup.input.steps, 1, true);
    shape.training = true;
    const Plan plan = makePlan(shape, executedCut(shape, Strategy::Sequential, 1, 1));
    KeptLstm kept;
    kept.m_steps = shape.steps;
    kept.m_units = roundUpToLanes(shape.width);
    kept.m_layers = std::make_unique<LstmComputation>(plan, setup, 1, *kept.m_account);
    for (const Operation& operation : plan.operations()) {
        if (operation.kind != OperationKind::InputHalf
            && operation.kind != OperationKind::RecurrentHalf)
            break; // the way back is the caller's
        kept.m_layers->run(operation, worker);
        if (worker.stop.stop_requested())
            return std::nullopt;
    }
    return kept;
}

} // namespace timestep
