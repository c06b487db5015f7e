// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/views/race_axis.h"
#include "ui/views/race_curves.h"
#include "ui/views/race_marks.h"

#include <QString>

#include <vector>

namespace timestep {

/// A plot of the race without its curves.
struct RacePictureLook
{
    QString title;
    QString meaning; // of its dots and lines, in few words
    QString length; // why it is of this one length, in a sentence; empty: it is of many
    QString xLabel;
    QString yLabel;
    std::vector<double> xTicks; // ascending
    RaceUnit unit = RaceUnit::Number;
    RaceOvertaking overtaking = RaceOvertaking::NotTold;
    bool namesWithin = false; // the names are too long to stand beside the plot
};

/// The plots of a request, in reading order: two in a row.
std::vector<RacePicture> racePictures(const RaceRequest& request);

RacePictureLook lookOf(const RaceRequest& request, RacePicture picture);

/// Ascending, with all curves between the first and the last; sensible ones before there are any.
std::vector<double> yTicksOf(RacePicture picture, const std::vector<RaceCurve>& curves);

/// "reading" | "training" | "writing"
QString passText(SweepCell::Pass pass);

} // namespace timestep
