// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/tokenizer.h"

#include <QString>

#include <optional>
#include <string_view>

namespace timestep {

/// What somebody typed, to stand in the place of one token.
struct ReplacementToken
{
    std::optional<TokenId> token;
    QString error; // one line: what it is instead of one token; empty where there is one
};

/// The token that `typed` means where `original` (its bytes) stood. Words in the middle of a text
/// begin with a space that nobody thinks of typing, so it is read with a space in front or without,
/// as the original has one; where that is not one token, the other way round.
ReplacementToken replacementToken(
    const Tokenizer& tokenizer, std::string_view typed, std::string_view original);

} // namespace timestep
