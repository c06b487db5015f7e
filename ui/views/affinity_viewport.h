// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

namespace timestep {

/// The square part of a heatmap that is in view, in cells; it never leaves the matrix.
class AffinityViewport
{
public:
    /// A matrix of `tokens` x `tokens`. What was whole stays whole; a part stays where it fits.
    void setTokens(int tokens);

    int tokens() const { return m_tokens; }
    double column() const { return m_column; } // left edge
    double row() const { return m_row; } // upper edge
    double extent() const { return m_extent; } // cells along a side
    bool whole() const { return m_extent >= m_tokens; }
    QRectF cells() const { return { m_column, m_row, m_extent, m_extent }; }

    void showAll();
    /// Shows `factor` times as many cells; the point (column, row) stays where it is on screen.
    void zoom(double factor, double column, double row);
    void pan(double columns, double rows);
    /// Moves as little as it can so that the cell is in view.
    void reveal(int column, int row);

private:
    void clamp();

    int m_tokens = 0;
    double m_column = 0;
    double m_row = 0;
    double m_extent = 0;
};

} // namespace timestep
