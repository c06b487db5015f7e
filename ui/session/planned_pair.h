// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/plan_analysis.h"
#include "ui/session/settings.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace timestep {

/// Where the parallelism of a plan comes from: the factors of work ÷ span.
struct ParallelismFactors
{
    double rows = 1; // sub-batches beside each other
    double time = 1; // of one sub-batch: steps, or positions, and layers
    double step = 1; // within a step: hidden units or heads, where the strategy splits them
};

/// One model's fine plan and when its operations run on the imagined workers.
struct PlannedModel
{
    Plan plan;
    PlanSummary summary;
    int chain = 0; // cells that must be done one after the other (cellsInSequence)
    ParallelismFactors parallelism; // their product is summary.parallelism
    Schedule schedule; // in flops
    // Layers of the model that are not planned: where one is, those below are taken as done.
    int layersBelow = 0;
    int layersAbove = 0;
};

/// Both models on one clock: what the Steps workspace draws. Computed off the interface's thread
/// and immutable then.
struct PlannedPair
{
    PlannedModel lstm;
    PlannedModel attention;
    /// Where a link of the LSTM is broken: the same with it whole, in flops and cells.
    double lengthUnbroken = 0;
    int chainUnbroken = 0;
    double unitFlops = 1; // flops of one unit: the average cost of one LSTM step of one sub-batch
    int workers = 1;
    int rows = 1; // B
    int subBatches = 1; // S
    int layer = 0; // the layer planned; −1: all layers of each model
    std::vector<double> moments {}; // when something begins or ends, in units, ascending

    /// When the later of the two ends, in units.
    double duration() const;
};

using PlannedPairPointer = std::shared_ptr<const PlannedPair>;

/// All that a PlannedPair depends on. Equal requests give equal plans.
struct PlanRequest
{
    ModelShape lstm, attention;
    int steps = 0; // T, tokens in use
    int rows = 1; // B
    int subBatches = 1; // S
    int workers = 1; // imagined
    int layer = 0; // −1: all; a model with fewer layers plans its last
    Strategy lstmStrategy = Strategy::SubBatch;
    Strategy attentionStrategy = Strategy::SubBatch;
    bool causal = true;
    bool beingWritten = false; // causal whatever `causal` says: what is not there cannot be seen
    bool training = false; // forward and back again, the sum over the sub-batches, the update
    int brokenLink = 0; // the step the LSTM begins without the one before it; 0: none
    bool operator==(const PlanRequest&) const = default;
};

PlanRequest planRequest(
    const ModelShape& lstm, const ModelShape& attention, int steps, const Settings& settings);

/// Nothing when stopped. Throws Error for a strategy that does not suit its model. T ≥ 1.
std::optional<PlannedPair> planPair(const PlanRequest& request, const std::stop_token& stop);

} // namespace timestep
