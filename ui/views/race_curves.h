// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

#include <limits>
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
    // 95 % interval of the median; as here where it is not known, y and y where y is exact
    double lowerMedian = 0;
    double upperMedian = std::numeric_limits<double>::infinity();
    bool disturbed = false; // see mostlyDisturbed()
};

struct RaceCurve
{
    RaceLine line = RaceLine::Lstm;
    bool planned = false;
    QString label; // beside it; empty: told by another
    std::vector<RaceDot> dots; // by x
    bool baseline = false; // of an earlier race, to compare with: pale, and told by hovering only
};

/// All curves of one picture: what the plans or the formulas say, then what was measured.
std::vector<RaceCurve> raceCurves(const RaceMeasurement& measurement, RacePicture picture);

/// Whether it is drawn in attention's colour; else in the LSTM's.
inline bool ofAttention(RaceLine line)
{
    return line == RaceLine::Attention || line == RaceLine::StoredAffinities;
}

/// "LSTM", "attention", …
QString raceLineText(RaceLine line);

/// `most`, or it halved until it lies below all dots and their bands: where an axis begins.
double leastOf(const std::vector<RaceCurve>& curves, double most);

/// Powers of `base` in [from, to], and its neighbours that take them in.
std::vector<double> powersAround(double from, double to, double base);

} // namespace timestep
