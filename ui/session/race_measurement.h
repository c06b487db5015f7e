// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/machine.h"
#include "engine/measurement/point_quality.h"
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
