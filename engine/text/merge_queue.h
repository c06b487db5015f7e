// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace timestep {

/// Places where a merge may be made, taken out lowest rank first. A list per rank and two levels of
/// bits over the ranks in use: putting in is one store, and taking out looks at a handful of words,
/// whatever the length of the text, where a heap would pay its depth for every letter.
class MergeQueue
{
public:
    /// For ranks 0 ≤ rank < ranks.
    explicit MergeQueue(std::size_t ranks);

    void push(std::uint32_t rank, std::uint32_t position);

    /// Takes out all places of the lowest rank, in any order, and returns that rank.
    /// Only where the queue is not empty.
    std::uint32_t takeLowest(std::vector<std::uint32_t>& positions);

    bool empty() const { return m_size == 0; }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    /// A cache line of places: following a list costs a read of memory for each 14 of them.
    struct Chunk
    {
        std::uint32_t next = none; // index into m_chunks
        std::uint32_t size = 0;
        std::array<std::uint32_t, 14> positions;
    };

    std::uint32_t newChunk(std::uint32_t next);
    std::uint32_t lowestRank() const;

    std::vector<std::uint32_t> m_first; // by rank: index into m_chunks
    std::vector<Chunk> m_chunks;
    std::uint32_t m_free = none; // the first of those taken out, to be used again
    std::vector<std::uint64_t> m_used; // a bit per rank
    std::vector<std::uint64_t> m_usedWords; // a bit per word of m_used
    std::size_t m_size = 0; // ranks in use
};

} // namespace timestep
