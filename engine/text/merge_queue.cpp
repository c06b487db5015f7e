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
    const std::uint32_t first = m_first[rank];
    if (first == none || m_chunks[first].size == m_chunks[first].positions.size())
        m_first[rank] = newChunk(first);
    Chunk& chunk = m_chunks[m_first[rank]];
    chunk.positions[chunk.size++] = position;
}

std::uint32_t MergeQueue::newChunk(std::uint32_t next)
{
    std::uint32_t chunk = m_free;
    if (chunk == none) {
        chunk = static_cast<std::uint32_t>(m_chunks.size());
        m_chunks.emplace_back();
    } else {
        m_free = m_chunks[chunk].next;
    }
    m_chunks[chunk].next = next;
    m_chunks[chunk].size = 0;
    return chunk;
}

std::uint32_t MergeQueue::takeLowest(std::vector<std::uint32_t>& positions)
{
    assert(!empty());
    const std::uint32_t rank = lowestRank();
    positions.clear();
    std::uint32_t last = none;
    for (std::uint32_t chunk = m_first[rank]; chunk != none; chunk = m_chunks[chunk].next) {
        const auto begin = m_chunks[chunk].positions.begin();
        positions.insert(positions.end(), begin, begin + m_chunks[chunk].size);
        last = chunk;
    }
    m_chunks[last].next = m_free;
    m_free = m_first[rank];

    const std::size_t word = rank / wordBits;
    m_first[rank] = none;
    m_used[word] &= ~bit(rank);
    if (m_used[word] == 0)
        m_usedWords[word / wordBits] &= ~bit(word);
    --m_size;
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
