// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"
#include "ui/views/theme.h"

#include <QPen>

#include <vector>

class QCustomPlot;

namespace timestep {

/// How strong curves are drawn.
struct RaceInk
{
    const Theme& theme;
    double dot = 8; // diameter, pixels; lines are a quarter of it
};

const Theme::ModelColors& raceColors(const RaceCurve& curve, const Theme& theme);

/// A plan is dashed, a baseline pale, thin and dotted.
QPen racePen(const RaceCurve& curve, const RaceInk& ink);

/// Bands of the middle half below all lines; dots as discs, as rings where they are disturbed, as
/// small hollow squares of a baseline. Plans have no dots.
void drawCurves(QCustomPlot& plot, const std::vector<RaceCurve>& curves, const RaceInk& ink);

} // namespace timestep
