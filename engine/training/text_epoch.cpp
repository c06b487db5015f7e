// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/text_epoch.h"

#include "engine/training/random_draws.h"

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
    : m_steps(static_cast<std::size_t>(steps))
{
    const std::size_t count = windows(*documents, steps);
    assert(count > 0);
    RandomDraws draws(seed, DrawPurpose::TextEpoch, number);
    const auto documentCount = static_cast<std::uint32_t>(documents->count());
    m_sequence.emplace(std::move(documents), shuffled(documentCount, draws));
    m_shift = draws.below(m_sequence->length() - count * m_steps);
    m_windowOrder = shuffled(static_cast<std::uint32_t>(count), draws);
}

void TextEpoch::copyWindow(std::size_t window, std::span<TokenId> tokens) const
{
    assert(tokens.size() == m_steps + 1);
    m_sequence->copy(m_shift + m_windowOrder[window] * m_steps, tokens);
}

} // namespace timestep
