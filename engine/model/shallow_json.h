// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace timestep {

/// Parses a JSON object that nests at most `deepest` levels (1: an object of plain values) and
/// names no key twice. Throws Error that begins with `where`; no document exhausts the stack.
nlohmann::json parseShallowJson(
    std::string_view text, std::size_t deepest, const std::string& where);

/// A name found in a file, as an error shows it: one line of valid UTF-8, cut where it is long.
std::string shownName(std::string_view name);

} // namespace timestep
