// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_viewport.h"

#include <QPoint>
#include <QRect>

#include <optional>

namespace timestep {

/// Where the parts of the heatmap lie in its widget, in pixels: the square of cells, labels left of
/// it and above, a strip of bars right of it (one a row) and below (one a column), a line of text.
struct AffinityLayout
{
    QRect cells;
    QRect spread; // same rows
    QRect received; // same columns
    QRect note;

    /// The largest square that leaves room for labels of `labelWidth`, and at its left also for
    /// words of `captionWidth`, in the middle of the widget.
    static AffinityLayout of(QSize widget, int labelWidth, int captionWidth, int lineHeight);

    double cellSize(const AffinityViewport& view) const; // pixels
    QRect rowRect(const AffinityViewport& view, int row) const; // of the square, cut to it
    QRect columnRect(const AffinityViewport& view, int column) const;

    /// The column or row under a pixel; of the labels and bars too, so both can lie outside the
    /// square.
    std::optional<int> columnAt(const AffinityViewport& view, double x) const;
    std::optional<int> rowAt(const AffinityViewport& view, double y) const;
};

/// Labels are drawn for every k-th token, so that they do not touch: the smallest k of 1, 2, 5, 10,
/// 20 … for cells of `cellSize` and labels `labelHeight` high, in pixels.
int labelStride(double cellSize, double labelHeight);

} // namespace timestep
