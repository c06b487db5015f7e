// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_layout.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr int Gap = 10; // between the square and its labels and bars
constexpr int BarsAcross = 52; // length of a full spread bar
constexpr int BarsDown = 32; // length of a full received bar

/// First pixel of cell `index` relative to the square: where affinityImage begins to draw it.
int edge(double index, double first, double cell)
{
    return static_cast<int>(std::ceil((index - first) * cell - 0.5));
}

std::optional<int> indexAt(
    double pixel, int begin, double first, const AffinityViewport& view, double cell)
{
    const double index = first + (pixel - begin) / cell;
    if (!(index >= first) || index >= first + view.extent())
        return std::nullopt;
    return std::min(static_cast<int>(index), view.tokens() - 1);
}

} // namespace

AffinityLayout AffinityLayout::of(QSize widget, int labelWidth, int captionWidth, int lineHeight)
{
    const int left = std::max(labelWidth, captionWidth) + Gap;
    const int slanted = static_cast<int>(std::ceil((labelWidth + lineHeight) * std::sqrt(0.5)));
    const int top = slanted + Gap;
    const int right = std::max(Gap + BarsAcross, slanted);
    const int captions = std::max(BarsDown + Gap, 2 * lineHeight); // of two lines, beside the bars
    const int bottom = Gap + captions + lineHeight;
    const int side
        = std::max(0, std::min(widget.width() - left - right, widget.height() - top - bottom));
    AffinityLayout layout;
    layout.cells = QRect((widget.width() - left - right - side) / 2 + left, top, side, side);
    layout.spread = QRect(layout.cells.right() + 1 + Gap, top, BarsAcross, side);
    layout.received = QRect(layout.cells.left(), layout.cells.bottom() + 1 + Gap, side, BarsDown);
    layout.note = QRect(0, layout.received.top() + captions, widget.width(), lineHeight);
    return layout;
}

double AffinityLayout::cellSize(const AffinityViewport& view) const
{
    return view.extent() > 0 ? cells.width() / view.extent() : 0;
}

QRect AffinityLayout::rowRect(const AffinityViewport& view, int row) const
{
    const double cell = cellSize(view);
    const int begin = edge(row, view.row(), cell);
    const int end = std::max(begin + 1, edge(row + 1, view.row(), cell));
    return QRect(cells.left(), cells.top() + begin, cells.width(), end - begin).intersected(cells);
}

QRect AffinityLayout::columnRect(const AffinityViewport& view, int column) const
{
    const double cell = cellSize(view);
    const int begin = edge(column, view.column(), cell);
    const int end = std::max(begin + 1, edge(column + 1, view.column(), cell));
    return QRect(cells.left() + begin, cells.top(), end - begin, cells.height()).intersected(cells);
}

std::optional<int> AffinityLayout::columnAt(const AffinityViewport& view, double x) const
{
    return indexAt(x, cells.left(), view.column(), view, cellSize(view));
}

std::optional<int> AffinityLayout::rowAt(const AffinityViewport& view, double y) const
{
    return indexAt(y, cells.top(), view.row(), view, cellSize(view));
}

int labelStride(double cellSize, double labelHeight)
{
    if (cellSize <= 0)
        return 1;
    int stride = 1;
    for (int step = 0; stride * cellSize < labelHeight; ++step)
        stride = step % 3 == 1 ? stride / 2 * 5 : stride * 2;
    return stride;
}

} // namespace timestep
