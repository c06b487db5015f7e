// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/printable_text.h"
#include "engine/text/token.h"
#include "engine/text/vocabulary.h"

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

namespace timestep {

/// Text -> tokens: GPT-2's pre-tokeniser, then byte-level BPE. Every byte string is valid input (up
/// to 4 GiB, beyond which Error is thrown), and the tokens' ranges cover it without gap or overlap;
/// a run of bytes that are not valid UTF-8 becomes one token a byte. `<|endoftext|>` in the text is
/// ordinary text. Time is linear in the text's length.
/// `encode` may be called from several threads at once.
class Tokenizer
{
public:
    explicit Tokenizer(std::shared_ptr<const Vocabulary> vocabulary);

    /// The tokens of the text; when stopped, those of its beginning.
    std::vector<Token> encode(std::string_view text, const std::stop_token& stop = {}) const;

    const std::shared_ptr<const Vocabulary>& vocabulary() const { return m_vocabulary; }

private:
    std::shared_ptr<const Vocabulary> m_vocabulary;
};

} // namespace timestep
