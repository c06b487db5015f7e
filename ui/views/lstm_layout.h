// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_quantity.h"
#include "ui/views/token_axis.h"

#include <QRect>

#include <optional>
#include <vector>

namespace timestep {

/// What the letters of the picture take, in pixels.
struct LstmLetters
{
    int labelWidth = 0; // the widest token label
    int nameWidth = 0; // the widest name of a quantity, with its letter
    int letterWidth = 0; // its letter alone
    int lineHeight = 0;
};

/// Where the heatmaps of a layer lie in their widget, in pixels: token labels on top, then one map
/// below the other, each with its name at the left, then a line of text.
struct LstmLayout
{
    struct Map
    {
        LstmQuantity quantity;
        QRect cells;
    };
    std::vector<Map> maps;
    QRect labels; // above the maps, as wide as they are
    QRect note;
    bool named = true; // else there is room for the letters of the quantities alone
    bool slanted = false; // labels are wider than the tokens' columns

    /// `tokens`: all there are, so that nothing moves while the view zooms.
    static LstmLayout of(QSize widget, const std::vector<LstmQuantity>& shown, int tokens,
        const LstmLetters& letters);
    /// The least height at which each of so many maps can be told apart.
    static int leastHeight(int maps, const LstmLetters& letters);

    int left() const { return labels.left(); }
    int width() const { return labels.width(); }
    TokenColumns columns(const TokenAxis& axis) const { return { axis, left(), width() }; }
    const Map* mapAt(QPointF position) const; // null: none
    const Map* mapOf(LstmQuantity quantity) const; // null: not shown
    QRect allMaps() const; // and the gaps between them
};

/// The pixels of a row of `units` rows, at least one line.
QRect unitRow(const QRect& cells, int row, int units);
/// The row under a pixel of the map; of several, the middle one.
int unitRowAt(const QRect& cells, double y, int units);
/// Rows that a pixel shows.
IndexRange unitRowsUnder(const QRect& cells, double y, int units);

} // namespace timestep
