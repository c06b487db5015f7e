// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_viewport.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr double SmallestExtent = 4; // closer, a cell is larger than its two labels

} // namespace

void AffinityViewport::setTokens(int tokens)
{
    const bool wasWhole = whole();
    m_tokens = tokens;
    if (wasWhole)
        showAll();
    clamp();
}

void AffinityViewport::showAll()
{
    m_column = m_row = 0;
    m_extent = m_tokens;
}

void AffinityViewport::zoom(double factor, double column, double row)
{
    const double before = m_extent;
    m_extent *= factor;
    clamp();
    const double real = before > 0 ? m_extent / before : 1;
    m_column = column - (column - m_column) * real;
    m_row = row - (row - m_row) * real;
    clamp();
}

void AffinityViewport::pan(double columns, double rows)
{
    m_column += columns;
    m_row += rows;
    clamp();
}

void AffinityViewport::reveal(int column, int row)
{
    m_column = std::clamp(m_column, column + 1 - m_extent, double(column));
    m_row = std::clamp(m_row, row + 1 - m_extent, double(row));
    clamp();
}

void AffinityViewport::clamp()
{
    const double most = m_tokens;
    m_extent = std::clamp(m_extent, std::min(SmallestExtent, most), most);
    m_column = std::clamp(m_column, 0.0, most - m_extent);
    m_row = std::clamp(m_row, 0.0, most - m_extent);
}

} // namespace timestep
