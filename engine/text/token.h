// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace timestep {

using TokenId = std::int32_t;

/// A piece of the text: its entry in the vocabulary and the bytes [begin, end) it stands for.
struct Token
{
    TokenId id = 0;
    std::size_t begin = 0; // byte offset into the text
    std::size_t end = 0; // one past its last byte
    bool operator==(const Token&) const = default;
};

} // namespace timestep
