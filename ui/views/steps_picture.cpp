// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_picture.h"

#include <utility>

namespace timestep {

namespace {

StepsModel modelOf(
    const PlannedModel& model, const std::vector<OperationKind>& tails, double unitFlops)
{
    return { &model.plan, StepsGrid(model.plan, tails), StepsTimes(model, unitFlops),
        model.layersBelow, model.layersAbove, 0 };
}

std::array<StepsModel, 2> modelsOf(const PlannedPair& pair)
{
    const Plan* const plans[] = { &pair.lstm.plan, &pair.attention.plan };
    const std::vector<OperationKind> tails = stepsTails(plans);
    return { modelOf(pair.lstm, tails, pair.unitFlops),
        modelOf(pair.attention, tails, pair.unitFlops) };
}

} // namespace

StepsPicture::StepsPicture(PlannedPairPointer planned, double msPerUnit)
    : pair(std::move(planned))
    , models(modelsOf(*pair))
{
    for (StepsModel& model : models)
        model.msPerUnit = msPerUnit;
}

} // namespace timestep
