// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"
#include "engine/measurement/sweep.h"

#include <optional>
#include <stop_token>

namespace timestep {

/// One run of one cell, watched.
struct TracedCell
{
    SweepCell cell; // strategy and subBatches as they were picked
    Plan plan; // as executed
    Trace trace;
};

/// Runs the cell once with tracing on, after a warm-up as of a sweep. Empty when stopped. Throws
/// Error beyond the memory budget.
std::optional<TracedCell> traceCell(
    const SweepCell& cell, const SweepSettings& settings, std::stop_token stop);

} // namespace timestep
