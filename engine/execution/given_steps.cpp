// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/given_steps.h"

#include "engine/execution/attention_memory.h"

#include <algorithm>

namespace timestep {

namespace {

/// An LSTM lays its states out by the plan's sub-batches and steps at once; attention cuts its rows
/// as it likes.
Cut cutOfGivenSteps(const Plan& plan, int threads)
{
    const bool lstm = plan.shape().kind == ModelKind::Lstm;
    Cut cut;
    cut.strategy = Strategy::SubBatch;
    cut.grain = Grain::Executed;
    cut.subBatches = lstm ? plan.cut().subBatches : threads;
    cut.stepsPerChunk = 1;
    cut.positionsPerBlock = AttentionMemory::tilePositions;
    return cut;
}

} // namespace

Outcome runGivenSteps(const Plan& plan, IndexRange steps, Computation& computation,
    Executor& executor, std::stop_token stop)
{
    constexpr int tile = AttentionMemory::tilePositions;
    const Cut cut = cutOfGivenSteps(plan, executor.threads());
    PlanShape segment = plan.shape();
    // Segment by segment, each given to the next: attention keeps no more queries than a tile's,
    // and no plan grows with the text.
    for (int begin = steps.begin; begin < steps.end; begin = segment.steps) {
        segment.firstStep = begin;
        segment.steps = std::min((begin / tile + 1) * tile, steps.end);
        if (executor.run(makePlan(segment, cut), computation, stop) == Outcome::Cancelled)
            return Outcome::Cancelled;
    }
    return Outcome::Finished;
}

Outcome runGivenSteps(
    const Plan& plan, Computation& computation, Executor& executor, std::stop_token stop)
{
    return runGivenSteps(plan, { 0, plan.shape().firstStep }, computation, executor, stop);
}

} // namespace timestep
