// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/text_epoch.h"

#include "engine/training/random_draws.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace timestep {

std::size_t TextEpoch::windows(const TokenDocuments& documents, int steps)
{
    const std::size_t length = documents.readLength();
    const std::size_t room = length == 0 ? 0 : (length - 1) / static_cast<std::size_t>(steps);
    return room > 1 ? room - 1 : room;
}

TextEpoch::TextEpoch(std::shared_ptr<const TokenDocuments> documents, int steps, std::uint64_t seed,
    std::uint64_t number)
    : m_documents(std::move(documents))
    , m_steps(static_cast<std::size_t>(steps))
{
    const std::size_t count = windows(*m_documents, steps);
    assert(count > 0);
    RandomDraws draws(seed, DrawPurpose::TextEpoch, number);
    m_documentOrder = shuffled(static_cast<std::uint32_t>(m_documents->count()), draws);
    m_begins.reserve(m_documentOrder.size());
    std::size_t begin = 0;
    for (const std::uint32_t document : m_documentOrder) {
        m_begins.push_back(begin);
        begin += m_documents->document(document).size() + (m_documents->separator ? 1 : 0);
    }
    m_shift = draws.below(m_documents->readLength() - count * m_steps);
    m_windowOrder = shuffled(static_cast<std::uint32_t>(count), draws);
}

void TextEpoch::copyWindow(std::size_t window, std::span<TokenId> tokens) const
{
    assert(tokens.size() == m_steps + 1);
    const std::size_t position = m_shift + m_windowOrder[window] * m_steps;
    auto begin = std::upper_bound(m_begins.begin(), m_begins.end(), position) - 1;
    for (std::size_t copied = 0; copied < tokens.size(); ++begin) {
        const auto place = static_cast<std::size_t>(begin - m_begins.begin());
        const std::span<const TokenId> rest
            = m_documents->document(m_documentOrder[place]).subspan(position + copied - *begin);
        const std::size_t count = std::min(rest.size(), tokens.size() - copied);
        std::copy_n(rest.begin(), count, tokens.begin() + static_cast<std::ptrdiff_t>(copied));
        copied += count;
        if (copied < tokens.size() && m_documents->separator)
            tokens[copied++] = *m_documents->separator;
    }
}

} // namespace timestep
