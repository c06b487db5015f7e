// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_grid.h"
#include "ui/views/steps_times.h"

#include <array>

namespace timestep {

/// One model as the Steps picture shows it.
struct StepsModel
{
    const Plan* plan = nullptr; // of the pair
    StepsGrid grid;
    StepsTimes times;
    // Not in the plan: those below are taken as done.
    int layersBelow = 0;
    int layersAbove = 0;
};

/// Both models, indexed for drawing. Immutable.
struct StepsPicture
{
    explicit StepsPicture(PlannedPairPointer planned);

    int steps() const { return models[0].grid.steps(); }

    PlannedPairPointer pair;
    std::array<StepsModel, 2> models; // LSTM, attention
};

} // namespace timestep
