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
    double msPerUnit = 0; // of a run that was measured; 0: these are the times of the plan

    bool measured() const { return msPerUnit > 0; }
};

/// Both models, indexed for drawing. Immutable.
struct StepsPicture
{
    /// `msPerUnit`: its times are those of a real run. 0: they are planned.
    explicit StepsPicture(PlannedPairPointer planned, double msPerUnit = 0);

    int steps() const { return models[0].grid.steps(); }
    bool measured() const { return models[0].measured(); }

    PlannedPairPointer pair;
    std::array<StepsModel, 2> models; // LSTM, attention
};

} // namespace timestep
