// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lanes_picture.h"

#include <vector>

namespace timestep {

/// Milliseconds to pixels.
struct LaneAxis
{
    double left = 0; // pixel of 0 ms
    double pixelsPerMs = 1;

    double pixel(double ms) const { return left + ms * pixelsPerMs; }
    double ms(double pixel) const { return (pixel - left) / pixelsPerMs; }
};

/// What is drawn of a lane from one pixel to another: a span, or several that are too thin to be
/// drawn each.
struct LaneRun
{
    double left = 0, right = 0; // pixels
    int first = 0; // of the spans
    int count = 1;
    int style = 0; // of the one that has most of it
    bool thin() const { return count > 1 || right - left < thinnest; }

    static constexpr double thinnest = 2; // pixels of a span that is drawn as itself
};

/// All spans, in order: none is dropped, and no run is narrower than a pixel. Thin spans that touch
/// the same pixel make one run.
std::vector<LaneRun> laneRuns(const std::vector<LaneSpan>& spans, const LaneAxis& axis);

/// Where the axis ends that must show `needed` ms: a round number, and the one before (`shown`, 0:
/// none) for as long as it does, so that it does not jump from run to run.
double laneAxisEnd(double needed, double shown);

/// About `most` round times from `begin` to `end`.
std::vector<double> laneTicks(double begin, double end, int most);

} // namespace timestep
