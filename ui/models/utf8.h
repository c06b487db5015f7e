// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace timestep {

/// One character of UTF-8, or one byte that begins none.
struct Utf8Character
{
    static constexpr char32_t invalid = 0xffffffff;
    char32_t codePoint = invalid;
    std::size_t length = 1; // bytes
    bool valid() const { return codePoint != invalid; }
};

/// The character at the front of `bytes` (not empty). Overlong forms, surrogates and what lies
/// beyond U+10FFFF are not valid.
Utf8Character firstCharacter(std::string_view bytes);

} // namespace timestep
