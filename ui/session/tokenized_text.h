// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/text/token.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// The text cut into tokens, and which of them are in use. Immutable once handed out; there before
/// any model has read it.
struct TokenizedText
{
    std::string text; // bytes as typed
    std::vector<Token> tokens; // all of the text
    IndexRange window; // the tokens both models read

    int count() const { return static_cast<int>(tokens.size()); }
    std::string_view bytes(int token) const
    {
        const Token& found = tokens[static_cast<std::size_t>(token)];
        return std::string_view(text).substr(found.begin, found.end - found.begin);
    }
};

using TokenizedTextPointer = std::shared_ptr<const TokenizedText>;

/// The window of at most `length` of `count` tokens from `begin` on, moved back where it would end
/// beyond the last token.
IndexRange windowOf(int count, int begin, int length);

} // namespace timestep
