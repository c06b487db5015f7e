// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace timestep {

/// The file of one frame of several, from 1: a pattern as of printf and ffmpeg, "steps-%04d.png",
/// gets the number in its place; a name without one gets it before its ending, "steps-0001.png".
/// "%%" is a per cent sign. None for any other pattern.
std::optional<std::string> frameFile(std::string_view pattern, int number);

} // namespace timestep
