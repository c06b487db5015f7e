// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_picture.h"

#include <utility>

namespace timestep {

StepsPicture::StepsPicture(PlannedPairPointer planned)
    : pair(std::move(planned))
    , models { StepsModel { &pair->lstm.plan, StepsGrid(pair->lstm.plan),
                   StepsTimes(pair->lstm, pair->unitFlops) },
        StepsModel { &pair->attention.plan, StepsGrid(pair->attention.plan),
            StepsTimes(pair->attention, pair->unitFlops) } }
{
}

} // namespace timestep
