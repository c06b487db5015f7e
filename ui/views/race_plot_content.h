// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_axis.h"
#include "ui/views/race_curves.h"
#include "ui/views/race_marks.h"

#include <QRectF>
#include <QString>

#include <vector>

namespace timestep {

/// What one plot of the race shows, and how.
struct RacePlotContent
{
    std::vector<RaceCurve> curves;
    std::vector<RaceMark> marks;
    QString xLabel, yLabel;
    QString emptyText; // where there are no curves
    bool namesBeside = false; // right of the plot, where there is room; else within it
    RaceScale scale = RaceScale::Logarithmic;
    RaceUnit yUnit = RaceUnit::Number;
    std::vector<double> xTicks, yTicks; // of logarithmic axes, ascending; empty: chosen by the dots
    double yLeast = 0; // above 0: the vertical axis begins there, if not at its first tick
};

/// Where what has been drawn is, in pixels of the plot.
struct RacePlotPlaces
{
    struct Text
    {
        QString text;
        QRectF place;
    };
    struct Mark
    {
        double left = 0, right = 0; // of a line the same
        QString text;
        QRectF place; // of the text; empty: no room for it
    };
    std::vector<Text> xTicks, yTicks; // those that are shown
    std::vector<Text> names; // within or beside
    std::vector<Text> header; // above the plot: what had no room elsewhere
    std::vector<Mark> marks;
    QRectF yLabel; // within the plot; empty: along its axis, or above
    QRectF area; // within the axes
    double dotSize = 0; // diameter
};

} // namespace timestep
