// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_axis.h"
#include "ui/views/race_curves.h"

#include <QString>

#include <vector>

namespace timestep {

/// What it means for a curve to lie below another.
enum class RaceOvertaking
{
    NotTold, // as of speed-ups, each against its own model: higher is not faster than the other
    LowerIsFaster, // times
    HigherIsFaster, // tokens a second
    LowerIsLess, // memory
};

/// A crossover that is certain, as a plot marks it.
struct RaceMark
{
    double x = 0; // where the lines meet
    double from = 0, to = 0; // a range, if the curves are not told apart at measured x between them
    bool range = false;
    QString text; // "from ≈ 310 tokens on the LSTM is faster"
    QString shortText; // "≈ 310 tokens", where there is no room
};

/// The crossovers of every two measured curves that are no baselines, by x, whoever wins.
std::vector<RaceMark> raceMarks(
    const std::vector<RaceCurve>& curves, RaceOvertaking overtaking, const QString& xLabel);

/// "attention" or "the LSTM": the curve in a sentence beside the others.
QString nameInSentence(const RaceCurve& curve, const std::vector<RaceCurve>& among);

} // namespace timestep
