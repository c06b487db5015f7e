// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

namespace timestep {

// Tables of a report as HTML that browsers and QTextDocument both know. Empty where there is
// nothing to list.

/// All points: times, spread, runs, arithmetic, share of the peak, bytes.
QString pointsTable(const RaceMeasurement& measurement);

/// What the plans say: a column a line, a row for each number of workers or sub-batches.
QString plansTable(const RaceMeasurement& measurement);

} // namespace timestep
