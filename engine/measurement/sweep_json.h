// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/machine.h"
#include "engine/measurement/sweep.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace timestep {

/// The columns of the CSV, the interval of the median however few the repeats, and the machine it
/// was measured on. What is not known is null.
nlohmann::ordered_json pointJson(const SweepPoint& point, const Machine& machine);

/// An array with an object for each point, measured on this machine.
std::string sweepJson(const std::vector<SweepPoint>& points);

/// With bytes that are no UTF-8 replaced, one space deeper for each level, and a newline at the
/// end.
std::string jsonText(const nlohmann::ordered_json& document);

} // namespace timestep
