// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer.h"

#include "engine/error.h"
#include "engine/text/byte_pair_merger.h"
#include "engine/text/pre_tokenizer.h"

#include <cassert>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace timestep {

Tokenizer::Tokenizer(std::shared_ptr<const Vocabulary> vocabulary)
    : m_vocabulary(std::move(vocabulary))
{
    assert(m_vocabulary);
}

std::vector<Token> Tokenizer::encode(std::string_view text, const std::stop_token& stop) const
{
    // Positions within a pre-token are 32 bits wide, and a text can be one pre-token.
    if (text.size() >= std::numeric_limits<std::uint32_t>::max())
        throw Error("the text has " + std::to_string(text.size())
            + " bytes, but at most 4 GiB can be split into tokens; use a part of it");
    std::vector<Token> tokens;
    tokens.reserve(text.size() / 2); // more than ordinary text needs, so that it seldom moves
    BytePairMerger merger(*m_vocabulary);
    forEachPreToken(text, [&](const PreToken& word) {
        if (word.isText) {
            merger.encode(text.substr(word.begin, word.end - word.begin), word.begin, tokens);
        } else {
            for (std::size_t at = word.begin; at < word.end; ++at)
                tokens.push_back(
                    { m_vocabulary->byteId(static_cast<unsigned char>(text[at])), at, at + 1 });
        }
        return !stop.stop_requested();
    });
    return tokens;
}

} // namespace timestep
