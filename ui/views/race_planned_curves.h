// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"

namespace timestep {

/// The line as a curve, named after what limits it.
RaceCurve plannedCurve(const PlannedLine& line);

} // namespace timestep
