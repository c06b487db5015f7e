// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/tokenizer.h"
#include "engine/training/held_out.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

/// Documents as tokens, one behind the other.
struct TokenDocuments
{
    std::vector<TokenId> tokens; // of all documents
    std::vector<std::size_t> ends; // of each document in `tokens`; none is empty
    std::optional<TokenId> separator; // read between two documents, where the vocabulary has one

    std::size_t count() const { return ends.size(); }

    std::span<const TokenId> document(std::size_t index) const
    {
        const std::size_t begin = index == 0 ? 0 : ends[index - 1];
        return std::span(tokens).subspan(begin, ends[index] - begin);
    }

    /// Tokens of all documents read one after the other, separators included, in any order.
    std::size_t readLength() const
    {
        return tokens.size() + (separator && !ends.empty() ? ends.size() - 1 : 0);
    }
};

struct TextCorpus
{
    std::shared_ptr<const TokenDocuments> training; // never null, never without a document
    std::shared_ptr<const TokenDocuments> heldOut; // never null; may have no document
};

/// Splits documents (`readCorpus`) into tokens and holds out one whole document in `heldOutOneIn`
/// (0: none) by `sideOf`. Empty documents are passed over. Returns nothing when stopped. Throws
/// Error where nothing is left to train on.
std::optional<TextCorpus> tokenizedCorpus(const std::vector<std::string>& documents,
    const Tokenizer& tokenizer, int heldOutOneIn, const std::stop_token& stop = {});

} // namespace timestep
