// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <stop_token>
#include <vector>

namespace timestep {

struct PlanSummary
{
    double work = 0; // flops of all operations
    double span = 0; // flops of the costliest chain
    double parallelism = 0; // work ÷ span
    int width = 0; // most operations with the same earliest start at unit cost
};

/// Chains follow needs alone, not tasks. All zero for an empty plan.
PlanSummary summarize(const Plan& plan);

/// The most cells that must be done one after the other, by needs alone. A cell is a layer at a
/// step, forward or back, of however many operations: what ends it counts. So T + L − 1 for an LSTM
/// of L layers that reads T steps, and L for attention, however many positions it reads.
int cellsInSequence(const Plan& plan);

/// One operation in a schedule; times in flops, so a worker does one flop in one unit of time.
struct ScheduledOperation
{
    double begin = 0;
    double end = 0;
    int worker = -1;
};

struct Schedule
{
    std::vector<ScheduledOperation> operations; // as in the plan
    double length = 0; // when the last one ends, in flops
    int workers = 0;
};

/// List schedule on P workers: whenever workers are free, the lowest of them takes the first ready
/// task. Of a fine plan, first is the one with the costliest chain still waiting behind it (its own
/// cost not counted), then the earlier step, then the earlier sub-batch: so equal sub-batches
/// advance in lockstep, and positions from left to right. Of an executed plan, first is the earlier
/// in the plan, as the executor takes them; a task stays on its worker, which waits where the next
/// operation of the task must wait, and takes on another task meanwhile only where tasks wait for
/// each other. Computed from the plan, not measured. Returns an empty schedule when stopped.
Schedule listSchedule(const Plan& plan, int workers, const std::stop_token& stop = {});

/// Work ÷ length of the list schedule of an executed plan on min(threads, cores) workers; 1 for an
/// empty plan.
double speedUpBound(const Plan& executedPlan, int threads, int cores);

} // namespace timestep
