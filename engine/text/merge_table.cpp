// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/merge_table.h"

#include <bit>
#include <cassert>

namespace timestep {

MergeTable::MergeTable(const std::vector<Merge>& merges)
{
    if (merges.empty())
        return;
    m_slots.resize(std::bit_ceil(2 * merges.size()));
    m_shift = 64U - static_cast<unsigned>(std::countr_zero(m_slots.size()));
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
        const std::uint64_t pair = key(merges[rank].left, merges[rank].right);
        std::size_t slot = firstSlot(pair);
        while (m_slots[slot].pair != noPair) {
            assert(m_slots[slot].pair != pair);
            slot = (slot + 1) & (m_slots.size() - 1);
        }
        m_slots[slot] = { pair, static_cast<std::uint32_t>(rank) };
    }
}

} // namespace timestep
