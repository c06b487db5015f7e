// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QStringList>

namespace timestep {

/// What was measured otherwise than before, in words, and only that: "4 sub-batches instead of 1",
/// "2 threads instead of 1", "another machine (…)". Which lengths and how many runs there are is
/// not among them: it changes no time.
QStringList raceChanges(const RaceMeasurement& before, const RaceMeasurement& now);

} // namespace timestep
