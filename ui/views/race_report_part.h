// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_report.h"

namespace timestep {

/// What the workspace would say and draw of a measurement. `baseline` may be null.
RaceReportPart raceReportPart(RaceMeasurement measurement, const RaceMeasurement* baseline);

} // namespace timestep
