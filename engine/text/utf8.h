// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace timestep {

/// Bytes of the UTF-8 character that `bytes` begins with; 0 where it begins with none: a stray or
/// missing continuation byte, an overlong form, a surrogate, a value above U+10FFFF, or nothing.
std::size_t characterLength(std::string_view bytes);

/// The character `codePoint` (at most U+10FFFF, no surrogate) in UTF-8.
std::string characterBytes(char32_t codePoint);

} // namespace timestep
