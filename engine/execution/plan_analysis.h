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

PlanSummary summarize(const Plan& plan);

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

/// List schedule on P workers: whenever a worker is free it takes the ready task with the costliest
/// chain behind it (ties: the earlier one), the lowest free worker first; a task stays on its worker.
/// Computed from the plan, not measured. Returns an empty schedule when stopped.
Schedule listSchedule(const Plan& plan, int workers, std::stop_token stop = {});

/// Work ÷ length of the list schedule of an executed plan on min(threads, cores) workers.
double speedUpBound(const Plan& executedPlan, int threads, int cores);

} // namespace timestep
