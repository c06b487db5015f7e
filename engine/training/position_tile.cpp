// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/position_tile.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/model/cross_entropy.h"

#include <algorithm>

namespace timestep {

PositionTile::PositionTile(int width)
    : m_width(static_cast<std::size_t>(width))
    , m_hidden(floatsNeeded(width))
{
    m_targets.reserve(most);
    m_places.reserve(most);
}

std::size_t PositionTile::floatsNeeded(int width) { return product({ most, width }); }

void PositionTile::begin(const Operation& operation, int steps, Which which) noexcept
{
    m_steps = operation.steps;
    m_rows = operation.rows;
    m_rowLength = steps;
    m_which = which;
    m_next = 0;
}

bool PositionTile::next(const float* hidden, std::span<const TokenId> targets) noexcept
{
    m_targets.clear();
    m_places.clear();
    const int positions = m_rows.count() * m_steps.count();
    for (; m_next < positions && m_places.size() < std::size_t { most }; ++m_next) {
        const std::size_t place = product({ m_rows.begin + m_next % m_rows.count(), m_rowLength })
            + static_cast<std::size_t>(m_steps.begin + m_next / m_rows.count());
        if (m_which == Which::Counted && targets[place] == uncounted)
            continue;
        std::copy_n(hidden + place * m_width, m_width, m_hidden.data() + m_places.size() * m_width);
        m_targets.push_back(targets[place]);
        m_places.push_back(place);
    }
    return !m_places.empty();
}

} // namespace timestep
