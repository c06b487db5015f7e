// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <string>

namespace timestep {

/// Adds a number in as few digits as read back the same, whatever the locale.
template <typename Number>
void appendNumber(std::string& text, Number number)
{
    char digits[32];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

} // namespace timestep
