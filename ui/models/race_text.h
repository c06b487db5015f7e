// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

namespace timestep {

QString strategyText(Strategy strategy); // "sub-batch"

/// "lstm-a and attention-a", "bare causal layers of width 256, 4 heads"
QString racedText(const RaceRequest& request);

/// What the points were computed with; a race has one kernel. Empty before there are points.
QString kernelText(const RaceMeasurement& measurement);

QString coresText(int cores); // "1 core" | "2 cores"

} // namespace timestep
