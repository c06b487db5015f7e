// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/document_sequence.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace timestep {

DocumentSequence::DocumentSequence(
    std::shared_ptr<const TokenDocuments> documents, std::vector<std::uint32_t> order)
    : m_documents(std::move(documents))
    , m_order(std::move(order))
{
    assert(m_order.size() == m_documents->count());
    m_begins.reserve(m_order.size());
    std::size_t begin = 0;
    for (const std::uint32_t document : m_order) {
        m_begins.push_back(begin);
        begin += m_documents->document(document).size() + (m_documents->separator ? 1 : 0);
    }
}

void DocumentSequence::copy(std::size_t position, std::span<TokenId> tokens) const
{
    assert(position + tokens.size() <= length());
    auto begin = std::upper_bound(m_begins.begin(), m_begins.end(), position) - 1;
    for (std::size_t copied = 0; copied < tokens.size(); ++begin) {
        const auto place = static_cast<std::size_t>(begin - m_begins.begin());
        const std::span<const TokenId> rest
            = m_documents->document(m_order[place]).subspan(position + copied - *begin);
        const std::size_t count = std::min(rest.size(), tokens.size() - copied);
        std::copy_n(rest.begin(), count, tokens.begin() + static_cast<std::ptrdiff_t>(copied));
        copied += count;
        if (copied < tokens.size() && m_documents->separator)
            tokens[copied++] = *m_documents->separator;
    }
}

} // namespace timestep
