// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/lane_timeline.h"
#include "ui/views/lane_runs.h"

#include <cstddef>
#include <vector>

namespace timestep {

/// What is drawn of a lane from one pixel to another: one interval, or, a pixel wide, all that are
/// too thin to be drawn each.
struct TraceRun
{
    double left = 0, right = 0; // pixels
    std::size_t interval = 0; // the first
    int spans = 1; // in it; thin: as many as touch it
    bool thin = false;
    LaneTotals totals; // thin: of its pixel
};

constexpr double nsPerMs = 1e6;

/// From one pixel to another.
struct PixelRange
{
    double from = 0, to = 0;
};

/// The range grown so that it cuts no interval that is drawn as itself and no gap between two:
/// what is painted anew in it looks as if all had been.
PixelRange uncut(const LaneTimeline& lane, const LaneAxis& axis, PixelRange range);

/// All that a lane has between two pixels, in order, in O(pixels log intervals): none is dropped.
std::vector<TraceRun> traceRuns(
    const LaneTimeline& lane, const LaneAxis& axis, double from, double to);

} // namespace timestep
