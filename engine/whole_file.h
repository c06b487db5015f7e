// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace timestep {

/// All bytes of a file. Throws Error that names it where it cannot be read.
std::string readWholeFile(const std::filesystem::path& file);

/// Writes the file beside its place first and moves it there, so that it appears whole or not at
/// all. Throws Error that names it where it cannot be written.
void writeWholeFile(const std::filesystem::path& file, std::string_view bytes);

} // namespace timestep
