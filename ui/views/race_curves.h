// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

#include <vector>

namespace timestep {

/// One point of a curve; without spread where it is planned.
struct RaceDot
{
    double x = 0;
    double y = 0;
    double lower = 0; // middle half
    double upper = 0;
    bool joined = false; // to the dot before: nothing between them is still to be measured
    QString text; // what hovering tells
};

struct RaceCurve
{
    RaceLine line = RaceLine::Lstm;
    bool planned = false;
    QString label; // beside it; empty: told by another
    std::vector<RaceDot> dots; // by x
};

/// Milliseconds against tokens of one time picture.
std::vector<RaceCurve> timeCurves(
    const RaceRequest& request, const std::vector<RacePoint>& points, RacePicture picture);

/// Times faster than on one thread against workers, of one speed-up picture: plans, then points.
std::vector<RaceCurve> speedUpCurves(const RaceRequest& request,
    const std::vector<RacePoint>& points, const std::vector<PlannedLine>& lines,
    RacePicture picture);

/// Where the axis of the speed-ups begins: at 1, or lower by halves down to the least of the dots
/// and their bands.
double speedUpAxisBegin(const std::vector<RaceCurve>& curves);

/// Powers of `base` in [from, to], and its neighbours that take them in.
std::vector<double> powersAround(double from, double to, double base);

} // namespace timestep
