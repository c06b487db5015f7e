// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/text_batches.h"

#include "engine/error.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace timestep {

TextBatches::TextBatches(
    std::shared_ptr<const TokenDocuments> documents, int steps, std::uint64_t seed)
    : m_documents(std::move(documents))
    , m_steps(steps)
    , m_seed(seed)
{
    if (steps < 1)
        throw Error("a window has 1 step or more, not " + std::to_string(steps));
    m_windows = TextEpoch::windows(*m_documents, steps);
    if (m_windows == 0)
        throw Error("the text has " + std::to_string(m_documents->readLength())
            + " tokens, but a window of " + std::to_string(steps) + " steps needs "
            + std::to_string(std::int64_t { steps } + 1) + "; use a longer text or fewer steps");
}

TrainingBatch TextBatches::batch(std::uint64_t number, int rows)
{
    assert(rows > 0);
    const auto count = static_cast<std::size_t>(rows);
    const auto width = static_cast<std::size_t>(m_steps);
    TrainingBatch batch { .rows = rows,
        .steps = m_steps,
        .tokens = std::vector<TokenId>(count * width),
        .targets = std::vector<TokenId>(count * width),
        .counted = std::int64_t { rows } * m_steps };
    std::vector<TokenId> window(width + 1);
    for (std::size_t row = 0; row < count; ++row) {
        const std::uint64_t place = number * count + row;
        epoch(place / m_windows).copyWindow(place % m_windows, window);
        const auto begin = static_cast<std::ptrdiff_t>(row * width);
        std::copy(window.begin(), window.end() - 1, batch.tokens.begin() + begin);
        std::copy(window.begin() + 1, window.end(), batch.targets.begin() + begin);
    }
    return batch;
}

const TextEpoch& TextBatches::epoch(std::uint64_t number)
{
    if (!m_epoch || m_epochNumber != number) {
        m_epoch.emplace(m_documents, m_steps, m_seed, number);
        m_epochNumber = number;
    }
    return *m_epoch;
}

} // namespace timestep
