// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/text_corpus.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace timestep {

/// Documents read one after the other in some order, a separator between two of them where the
/// vocabulary has one.
class DocumentSequence
{
public:
    /// `order` holds the number of each document once.
    DocumentSequence(
        std::shared_ptr<const TokenDocuments> documents, std::vector<std::uint32_t> order);

    std::size_t length() const { return m_documents->readLength(); } // in tokens

    /// The tokens from `position` on; they must be there.
    void copy(std::size_t position, std::span<TokenId> tokens) const;

private:
    std::shared_ptr<const TokenDocuments> m_documents;
    std::vector<std::uint32_t> m_order;
    std::vector<std::size_t> m_begins; // of the documents in that order, in the sequence
};

} // namespace timestep
