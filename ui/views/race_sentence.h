// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

namespace timestep {

enum class RaceWords
{
    All,
    Few, // for a low window: the figures and what follows from them
};

/// What the race has shown so far, from its points alone, in one sentence on what was asked. Until
/// all runs are done it says so, and it claims no more than the 95 % intervals of the medians
/// allow.
QString raceSentence(
    const RaceMeasurement& measurement, bool measuring, RaceWords words = RaceWords::All);

/// The figures behind it: the shares of the measured peak, or how many of them are not known. Empty
/// where nothing is measured.
QString raceFigures(const RaceMeasurement& measurement);

} // namespace timestep
