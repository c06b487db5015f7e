// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/machine.h"
#include "ui/session/race_lines.h"
#include "ui/session/race_request.h"

#include <string>
#include <vector>

namespace timestep {

/// A measured point and the places where it is drawn.
struct RacePoint
{
    std::vector<RacePlace> places; // one at least
    SweepPoint point;

    bool isAt(RacePlace place) const;
};

/// Whether other programs took a core in more than a quarter of the repeats of a point. Such
/// repeats are the slow ones: up to a quarter of all lie above the upper quartile, where the middle
/// half, and the median with it, can still be that of undisturbed repeats; beyond, it cannot.
bool mostlyDisturbed(const SweepPoint& point);

/// Whether a point has enough repeats for a 95 % interval of the median. The median lies between
/// the least and the greatest of n repeats with a probability of 1 − 2^(1 − n): 94 % of 5, 88 %
/// of 4.
bool hasMedianInterval(const SweepPoint& point);

/// What was asked for, what the plans say of it, and what has been measured so far.
struct RaceMeasurement
{
    RaceRequest request;
    std::vector<PlannedLine> lines; // plan, not measured
    std::vector<RacePoint> points; // in the order of their cells
    bool disturbed = false; // this program ran something else meanwhile
    std::string refusal {}; // why the first of the cells that were left out was; empty: none was
    Machine machine {}; // that it was measured on; empty before it was
};

} // namespace timestep
