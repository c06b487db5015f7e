// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_picture.h"

#include <utility>

namespace timestep {

namespace {

StepsModel modelOf(const PlannedModel& model, double unitFlops)
{
    return { &model.plan, StepsGrid(model.plan), StepsTimes(model, unitFlops), model.layersBelow,
        model.layersAbove };
}

} // namespace

StepsPicture::StepsPicture(PlannedPairPointer planned)
    : pair(std::move(planned))
    , models { modelOf(pair->lstm, pair->unitFlops), modelOf(pair->attention, pair->unitFlops) }
{
}

} // namespace timestep
