// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_layout.h"

#include "ui/views/cells_under_pixels.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr int NameGap = 14; // between the names and the maps
constexpr int WideEnough = 5; // times the names: the maps keep most of the width
constexpr int LabelGap = 6; // between the labels and the uppermost map
constexpr int BetweenLabels = 6;
constexpr int MapGap = 5;
constexpr int RightMargin = 6; // holds the outlines
constexpr int LeastMap = 14; // its name fits beside it

int labelsHeight(bool slanted, const LstmLetters& letters)
{
    return slanted
        ? static_cast<int>(std::ceil((letters.labelWidth + letters.lineHeight) * std::sqrt(0.5)))
        : letters.lineHeight;
}

} // namespace

LstmLayout LstmLayout::of(
    QSize widget, const std::vector<LstmQuantity>& shown, int tokens, const LstmLetters& letters)
{
    LstmLayout layout;
    layout.named = widget.width() >= WideEnough * letters.nameWidth;
    const int left = (layout.named ? letters.nameWidth : letters.letterWidth) + NameGap;
    const int widest = std::max(1, widget.width() - left - RightMargin);
    const double column = double(widest) / std::max(tokens, 1);
    layout.slanted = tokens > 0 && letters.labelWidth + BetweenLabels > column;
    // The last label leans out of the picture.
    const int leaning
        = layout.slanted ? std::max(0, int(letters.labelWidth * std::sqrt(0.5) - column / 2)) : 0;
    const int width = std::max(1, widest - leaning);
    const int labels = labelsHeight(layout.slanted, letters);
    layout.labels = QRect(left, 0, width, labels);
    const int top = labels + LabelGap;
    const int bottom = widget.height() - letters.lineHeight;
    const int count = static_cast<int>(shown.size());
    const double height = (bottom - top - MapGap * count) / double(std::max(count, 1));
    for (int map = 0; map < count; ++map) {
        const int begin = top + static_cast<int>(std::lround(map * (height + MapGap)));
        const int end = top + static_cast<int>(std::lround(map * (height + MapGap) + height));
        layout.maps.push_back({ shown[static_cast<std::size_t>(map)],
            QRect(left, begin, width, std::max(1, end - begin)) });
    }
    layout.note = QRect(left, bottom, widest, letters.lineHeight);
    return layout;
}

int LstmLayout::leastHeight(int maps, const LstmLetters& letters)
{
    return labelsHeight(true, letters) + LabelGap + maps * (LeastMap + MapGap) + letters.lineHeight;
}

const LstmLayout::Map* LstmLayout::mapAt(QPointF position) const
{
    for (const Map& map : maps) {
        if (map.cells.contains(position.toPoint()))
            return &map;
    }
    return nullptr;
}

const LstmLayout::Map* LstmLayout::mapOf(LstmQuantity quantity) const
{
    for (const Map& map : maps) {
        if (map.quantity == quantity)
            return &map;
    }
    return nullptr;
}

QRect LstmLayout::allMaps() const
{
    return maps.empty() ? QRect() : maps.front().cells | maps.back().cells;
}

QRect unitRow(const QRect& cells, int row, int units)
{
    const auto edge = [&](int index) {
        return static_cast<int>(std::ceil(double(index) * cells.height() / units - 0.5));
    };
    const int begin = std::min(edge(row), cells.height() - 1);
    const int end = std::max(begin + 1, edge(row + 1));
    return { cells.left(), cells.top() + begin, cells.width(), end - begin };
}

IndexRange unitRowsUnder(const QRect& cells, double y, int units)
{
    const int pixel
        = std::clamp(static_cast<int>(std::floor(y)) - cells.top(), 0, cells.height() - 1);
    return cellsUnderPixels(0, units, cells.height(), units)[static_cast<std::size_t>(pixel)];
}

int unitRowAt(const QRect& cells, double y, int units)
{
    const IndexRange rows = unitRowsUnder(cells, y, units);
    return (rows.begin + rows.end - 1) / 2;
}

} // namespace timestep
