// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <string>
#include <vector>

namespace timestep {

/// For people: the kernel that all points have in common, then aligned columns, rounded.
std::string sweepText(const std::vector<SweepPoint>& points);

} // namespace timestep
