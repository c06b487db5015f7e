// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <string>
#include <vector>

namespace timestep {

/// The header line and a line for each point, with the columns that are promised to stay.
std::string sweepCsv(const std::vector<SweepPoint>& points);

/// An array with an object for each point: the columns of the CSV, the spread, and the machine.
std::string sweepJson(const std::vector<SweepPoint>& points);

/// For people: aligned columns, rounded.
std::string sweepText(const std::vector<SweepPoint>& points);

} // namespace timestep
