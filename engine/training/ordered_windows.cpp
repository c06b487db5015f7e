// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/ordered_windows.h"

#include "engine/error.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string>

namespace timestep {

namespace {

DocumentSequence inOrder(std::shared_ptr<const TokenDocuments> documents)
{
    std::vector<std::uint32_t> order(documents->count());
    std::iota(order.begin(), order.end(), 0U);
    return { std::move(documents), std::move(order) };
}

} // namespace

OrderedWindows::OrderedWindows(std::shared_ptr<const TokenDocuments> documents, int steps)
    : m_sequence(inOrder(std::move(documents)))
{
    assert(steps > 0);
    if (m_sequence.length() < 2)
        throw Error("the text has "
            + std::string(m_sequence.length() == 0 ? "no token" : "one token")
            + ", so there is nothing to foretell; give a longer one");
    m_steps = std::min(static_cast<std::size_t>(steps), targets());
}

TrainingBatch OrderedWindows::batch(std::uint64_t number, int rows) const
{
    const auto count = static_cast<std::size_t>(rows);
    TrainingBatch batch { .rows = rows,
        .steps = steps(),
        .tokens = std::vector<TokenId>(count * m_steps),
        .targets = std::vector<TokenId>(count * m_steps, uncounted),
        .counted = 0 };
    const std::size_t first = std::min<std::size_t>(number * count * m_steps, targets());
    const std::size_t there = std::min(targets() - first, batch.tokens.size());
    m_sequence.copy(first, std::span(batch.tokens).first(there));
    m_sequence.copy(first + 1, std::span(batch.targets).first(there));
    batch.counted = static_cast<std::int64_t>(there);
    return batch;
}

} // namespace timestep
