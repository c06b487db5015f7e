// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace timestep {

/// A pre-token and how often it occurs. A corpus has far fewer of them than words, and merges never
/// cross them, so they are all that a vocabulary is learnt from.
struct WordCount
{
    std::string_view word; // bytes of one of the documents
    std::int64_t count = 0;
};

/// In order of first occurrence; bytes that are not valid UTF-8 are left out. Nothing when stopped.
std::optional<std::vector<WordCount>> countWords(
    const std::vector<std::string_view>& documents, const std::stop_token& stop);

} // namespace timestep
