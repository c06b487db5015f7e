// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/pair_counts.h"

#include <algorithm>

namespace timestep {

PairCounts::PairCounts(std::function<bool(PiecePair, PiecePair)> comesBefore)
    : m_isLess([before = std::move(comesBefore)](const Candidate& a, const Candidate& b) {
        return a.count != b.count ? a.count < b.count : before(b.pair, a.pair);
    })
{
}

void PairCounts::add(PiecePair pair, std::int64_t change, std::size_t word)
{
    Use& use = m_uses[pair];
    use.count += change;
    if (change <= 0)
        return;
    if (use.words.empty() || use.words.back() != word)
        use.words.push_back(word);
    if (!use.hasGrown) {
        use.hasGrown = true;
        m_grown.push_back(pair);
    }
}

std::optional<PiecePair> PairCounts::takeMostFrequent()
{
    queueGrown();
    while (!m_queue.empty()) {
        const Candidate top = pop();
        const std::int64_t count = m_uses.at(top.pair).count;
        if (count == top.count && count > 0)
            return top.pair;
        // Where the count has grown since, a higher candidate was there before this one.
        if (count < top.count && count > 0)
            push({ count, top.pair });
    }
    return std::nullopt;
}

std::vector<std::size_t> PairCounts::words(PiecePair pair) const
{
    std::vector<std::size_t> words = m_uses.at(pair).words;
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

void PairCounts::queueGrown()
{
    for (const PiecePair& pair : m_grown) {
        Use& use = m_uses.at(pair);
        use.hasGrown = false;
        push({ use.count, pair });
    }
    m_grown.clear();
}

void PairCounts::push(const Candidate& candidate)
{
    m_queue.push_back(candidate);
    std::push_heap(m_queue.begin(), m_queue.end(), m_isLess);
}

PairCounts::Candidate PairCounts::pop()
{
    std::pop_heap(m_queue.begin(), m_queue.end(), m_isLess);
    const Candidate top = m_queue.back();
    m_queue.pop_back();
    return top;
}

} // namespace timestep
