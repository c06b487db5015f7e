// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace timestep {

class StrictJson;

/// [{"request": {"question", "pass", "lstm" and "attention": {"name", sizes} or null for bare
/// layers, "causal", "width", "heads", "rows", "sub_batches", "lstm_strategy",
/// "attention_strategy", "threads", "thread_counts", "longest", "lengths", "speed_up_length",
/// "repeats", "cores", "kernel", "memory_budget"}, "machine": {"processor", "cores",
/// "memory_bytes", "system", "system_kernel", "version", "compiler"}, "disturbed", "refusal",
/// "planned_not_measured": [{"picture", "line", "rows", "length", "most", "points": [{"count",
/// "speed_up"}]}], "points": [what `timestep bench --json` writes of a point, and "places":
/// [{"picture", "line"}] where it is drawn]}]. Neither weights nor tokens.
nlohmann::ordered_json raceJson(const std::vector<RaceMeasurement>& measurements);

/// What raceJson wrote, with all that its pictures need: models have a name and sizes, but no
/// weights, so that they can be drawn and told of, never run. Throws Error that says where for
/// whatever is missing, of another kind, or beyond what can be drawn.
std::vector<RaceMeasurement> racesFromJson(const StrictJson& measurements);

} // namespace timestep
