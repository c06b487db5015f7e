// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace timestep {

/// The folder of files that come with the program (vocabulary, samples): $TIMESTEP_RESOURCES where
/// set, else `../share/timestep` beside the executable, else `resources` of the source tree it was
/// built from. Throws Error where none of them is there.
std::filesystem::path resourceFolder();

/// "0.1.0"
std::string_view programVersion();

} // namespace timestep
