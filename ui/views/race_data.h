// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/views/data_format.h"

#include <vector>

namespace timestep {

/// The points of races: CSV with the columns of `timestep bench`, one race after the other; JSON
/// with what `timestep bench --json` writes of each, what was asked for and what the plans say
/// (raceJson).
std::vector<DataFormat> raceDataFormats(std::vector<RaceMeasurement> measurements);

} // namespace timestep
