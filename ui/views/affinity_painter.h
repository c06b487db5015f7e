// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_layout.h"
#include "ui/views/affinity_picture.h"
#include "ui/views/affinity_viewport.h"
#include "ui/views/theme.h"

#include <QFont>
#include <QPoint>

#include <optional>

class QPainter;

namespace timestep {

/// What is pointed at in the heatmap; tokens are indices into the window.
struct AffinityMarks
{
    std::optional<int> pinnedRow;
    std::optional<int> hoveredRow; // in this or any other picture
    std::optional<QPoint> cell; // x: column, y: row; under the pointer or the arrow keys
};

/// Draws the parts of the heatmap for one state of it; knows no widget.
class AffinityPainter
{
public:
    AffinityPainter(const AffinityPicture& picture, const AffinityViewport& view,
        const AffinityLayout& layout, const Theme& theme, const QFont& labelFont,
        const QFont& textFont);

    void paintFrame(QPainter& painter) const;
    /// `image` is the part in view, as affinityImage gives it for the square.
    void paintCells(QPainter& painter, const QImage& image) const;
    void paintLabels(QPainter& painter, const AffinityMarks& marks) const;
    void paintBars(QPainter& painter) const;
    void paintNote(QPainter& painter) const; // what a pixel stands for, and how to move
    void paintMarks(QPainter& painter, const AffinityMarks& marks) const; // outlines and tooltip

    /// Width that the widest label takes, long ones elided.
    static int labelWidth(const QStringList& labels, const QFont& font);
    /// Width that the words beside the bars below take.
    static int captionWidth(const QFont& font);

private:
    bool showsLabel(int token, int stride, const std::optional<int>& pinned, int first) const;
    void paintSpread(QPainter& painter) const;
    void paintReceived(QPainter& painter) const;
    void paintTooltip(QPainter& painter, QPoint cell) const;

    const AffinityPicture& m_picture;
    const AffinityViewport& m_view;
    const AffinityLayout& m_layout;
    const Theme& m_theme;
    QFont m_labelFont;
    QFont m_textFont;
};

} // namespace timestep
