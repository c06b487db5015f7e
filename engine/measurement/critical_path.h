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

/// The chain of needs that took longest by the time its spans took: indices of spans, each of which
/// needs the one before. No number of workers could have made the run shorter than their sum.
std::vector<int> criticalPath(const Plan& plan, const Trace& trace);

} // namespace timestep
