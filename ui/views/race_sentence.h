// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

#include <vector>

namespace timestep {

/// What the race has shown so far, from its points alone: times and arithmetic of both at the
/// longest length that both have, and whether the one explains the other. Until all runs are done
/// it says so, and it claims no more than the 95 % intervals of the medians allow.
QString raceSentence(
    const RaceRequest& request, const std::vector<RacePoint>& points, bool measuring);

/// The figures behind it: what splitting brought on the most threads, as far as the intervals
/// allow, and the shares of the measured peak. Empty where nothing is measured.
QString raceFigures(const RaceRequest& request, const std::vector<RacePoint>& points);

} // namespace timestep
