// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_request.h"

#include <optional>
#include <string_view>

namespace timestep {

// What the parts of a race are called in files: names that are promised to stay.

std::string_view raceName(RaceQuestion question); // "length" | "rows" | "sub-batches" | "memory"
std::string_view raceName(RacePicture picture); // "time-of-rows" | …
std::string_view raceName(RaceLine line); // "lstm" | "attention" | …

std::optional<RaceQuestion> raceQuestionFromName(std::string_view name);
std::optional<RacePicture> racePictureFromName(std::string_view name);
std::optional<RaceLine> raceLineFromName(std::string_view name);
std::optional<SweepCell::Pass> passFromName(std::string_view name); // passName() back

} // namespace timestep
