// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/plan_analysis.h"

#include <memory>
#include <vector>

namespace timestep {

/// One model's fine plan and when its operations run on the imagined workers.
struct PlannedModel
{
    Plan plan;
    PlanSummary summary;
    Schedule schedule; // in flops
};

/// Both models on one clock: what the Steps workspace draws. Computed off the interface's thread
/// and immutable then.
struct PlannedPair
{
    PlannedModel lstm;
    PlannedModel attention;
    double unitFlops = 1; // flops of one unit: the average cost of one LSTM step of one sub-batch
    int workers = 1;
    int rows = 1; // B
    int subBatches = 1; // S
    int layer = 0; // the layer planned; −1: all layers of each model
};

using PlannedPairPointer = std::shared_ptr<const PlannedPair>;

} // namespace timestep
