// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"
#include "engine/text/vocabulary.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// Text -> tokens: GPT-2's pre-tokeniser, then byte-level BPE. Every byte string is valid input,
/// and the tokens' ranges cover it without gap or overlap. Time is linear in the text's length.
/// `encode` may be called from several threads at once.
class Tokenizer
{
public:
    explicit Tokenizer(std::shared_ptr<const Vocabulary> vocabulary);

    std::vector<Token> encode(std::string_view text) const;

    const std::shared_ptr<const Vocabulary>& vocabulary() const;
};

/// Bytes as the JSON shows them: each byte that is not part of valid UTF-8 as \xNN (upper-case
/// hex), a backslash doubled. The result is valid UTF-8.
std::string printableText(std::string_view bytes);

} // namespace timestep
