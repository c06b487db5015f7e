// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace timestep {

/// A stretch of the text, bytes [begin, end), that no merge may cross: a word with the space in
/// front of it, a number, punctuation, white space.
struct PreToken
{
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isText = true; // false for a run of bytes that are not valid UTF-8
    bool operator==(const PreToken&) const = default;
};

/// GPT-2's pre-tokeniser: hands out the pre-tokens in order; they cover the text without gap or
/// overlap. A run of bytes that are not valid UTF-8 is one pre-token; to the text before it, it is
/// not white space, so of several spaces in front of it the last stands apart, as in front of any
/// other sign. Ends early where `receive` returns false.
/// May be called from several threads at once.
void forEachPreToken(std::string_view text, const std::function<bool(const PreToken&)>& receive);

} // namespace timestep
