// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <string>
#include <vector>

namespace timestep {

/// An array with an object for each point: the columns of the CSV, the spread, and the machine.
std::string sweepJson(const std::vector<SweepPoint>& points);

/// For people: the kernel that all points have in common, then aligned columns, rounded.
std::string sweepText(const std::vector<SweepPoint>& points);

} // namespace timestep
