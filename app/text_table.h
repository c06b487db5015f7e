// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <vector>

namespace timestep {

/// Lines of as many fields each, the head first, in columns two spaces apart: the first
/// `wordColumns` begin under each other, the others, numbers, end so.
std::string textTable(const std::vector<std::vector<std::string>>& lines, std::size_t wordColumns);

std::string numberText(
    double value, int digits, std::chars_format format = std::chars_format::fixed);

} // namespace timestep
