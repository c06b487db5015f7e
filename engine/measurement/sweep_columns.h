// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace timestep {

/// One figure of a measured point under the name that is promised to stay.
struct SweepColumn
{
    std::string_view name;
    std::variant<std::monostate, std::string, std::int64_t, double, bool> value; // first: not known
};

/// "lstm", "attention", "attention-causal", or the model's name.
std::string computeName(const SweepCell& cell);

std::string_view passName(SweepCell::Pass pass); // "inference" | "generation"

/// All columns in the order of the CSV: what `timestep bench --help` tells of each. New ones come
/// last, so that who reads by place goes on reading.
std::vector<SweepColumn> sweepColumns(const SweepPoint& point);

/// The header line and a line for each point. What is not known is an empty field.
std::string sweepCsv(const std::vector<SweepPoint>& points);

} // namespace timestep
