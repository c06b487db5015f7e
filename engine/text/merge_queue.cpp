// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/merge_queue.h"

#include <bit>
#include <cassert>

namespace timestep {

namespace {

constexpr std::size_t wordBits = 64;

std::size_t wordsFor(std::size_t bits) { return (bits + wordBits - 1) / wordBits; }

std::uint64_t bit(std::size_t index) { return std::uint64_t { 1 } << (index % wordBits); }

std::size_t lowestBit(std::uint64_t word)
{
    return static_cast<std::size_t>(std::countr_zero(word));
}

} // namespace

MergeQueue::MergeQueue(std::size_t ranks)
    : m_first(ranks, none)
    , m_used(wordsFor(ranks))
    , m_usedWords(wordsFor(m_used.size()))
{
}

void MergeQueue::push(std::uint32_t rank, std::uint32_t position)
{
    assert(rank < m_first.size());
    if (m_first[rank] == none) {
        const std::size_t word = rank / wordBits;
        m_used[word] |= bit(rank);
        m_usedWords[word / wordBits] |= bit(word);
        ++m_size;
    }
    m_entries.push_back({ position, m_first[rank] });
    m_first[rank] = static_cast<std::uint32_t>(m_entries.size() - 1);
}

std::uint32_t MergeQueue::takeLowest(std::vector<std::uint32_t>& positions)
{
    assert(!empty());
    const std::uint32_t rank = lowestRank();
    positions.clear();
    for (std::uint32_t entry = m_first[rank]; entry != none; entry = m_entries[entry].next)
        positions.push_back(m_entries[entry].position);

    const std::size_t word = rank / wordBits;
    m_first[rank] = none;
    m_used[word] &= ~bit(rank);
    if (m_used[word] == 0)
        m_usedWords[word / wordBits] &= ~bit(word);
    if (--m_size == 0)
        m_entries.clear();
    return rank;
}

std::uint32_t MergeQueue::lowestRank() const
{
    std::size_t group = 0;
    while (m_usedWords[group] == 0)
        ++group;
    const std::size_t word = group * wordBits + lowestBit(m_usedWords[group]);
    return static_cast<std::uint32_t>(word * wordBits + lowestBit(m_used[word]));
}

} // namespace timestep
