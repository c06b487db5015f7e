// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"

#include <vector>

namespace timestep {

/// Index of the span in which each operation of the plan ran; −1 where it has none.
std::vector<int> spanOfOperation(const Plan& plan, const Trace& trace);

/// The spans that the operation of span `span` had to wait for, in the order of the plan.
std::vector<int> neededSpans(
    const Plan& plan, const Trace& trace, const std::vector<int>& spanOfOperation, int span);

/// The spans whose operations had to wait for the one of span `span`, in the order of the plan.
std::vector<int> unblockedSpans(
    const Plan& plan, const Trace& trace, const std::vector<int>& spanOfOperation, int span);

/// What counts as the time of a span. Where threads outnumber cores, wall time has in it what
/// others made it wait, and processor time alone is what more cores could not have spared.
enum class SpanTime
{
    Wall,
    Processor
};

/// The chain of needs that took longest by the time its spans took: indices of spans, each of which
/// needs the one before. No number of workers could have made the run shorter than their sum.
std::vector<int> criticalPath(const Plan& plan, const Trace& trace, SpanTime time = SpanTime::Wall);

} // namespace timestep
