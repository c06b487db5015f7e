// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace timestep {

/// Two neighbouring pieces that become one.
struct Merge
{
    TokenId left = 0;
    TokenId right = 0;
    TokenId result = 0;
    bool operator==(const Merge&) const = default;
};

/// Pair of pieces -> rank of its merge: a hash table with open addressing, since the tokeniser
/// looks up some three pairs for every byte of a text.
class MergeTable
{
public:
    MergeTable() = default;

    /// The rank of a merge is its index. No pair may occur twice.
    explicit MergeTable(const std::vector<Merge>& merges);

    std::optional<std::uint32_t> rank(TokenId left, TokenId right) const
    {
        if (m_slots.empty())
            return std::nullopt;
        const std::uint64_t pair = key(left, right);
        for (std::size_t slot = firstSlot(pair);; slot = (slot + 1) & (m_slots.size() - 1)) {
            if (m_slots[slot].pair == pair)
                return m_slots[slot].rank;
            if (m_slots[slot].pair == noPair)
                return std::nullopt;
        }
    }

private:
    static constexpr std::uint64_t noPair = ~std::uint64_t { 0 }; // ids are not negative

    struct Slot
    {
        std::uint64_t pair = noPair;
        std::uint32_t rank = 0;
    };

    static std::uint64_t key(TokenId left, TokenId right)
    {
        return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U)
            | static_cast<std::uint32_t>(right);
    }

    /// Fibonacci hashing: the high bits of a product with 2^64 divided by the golden ratio.
    std::size_t firstSlot(std::uint64_t pair) const
    {
        return static_cast<std::size_t>((pair * 0x9E3779B97F4A7C15U) >> m_shift);
    }

    std::vector<Slot> m_slots; // a power of two, at most half full
    unsigned m_shift = 0; // 64 - log2 of their number
};

} // namespace timestep
