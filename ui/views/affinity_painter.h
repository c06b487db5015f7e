// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_layout.h"
#include "ui/views/affinity_picture.h"
#include "ui/views/affinity_viewport.h"
#include "ui/views/live_affinity_image.h"
#include "ui/views/theme.h"

#include <QFont>
#include <QPoint>

#include <optional>
#include <vector>

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
    /// From the lowest image to the uppermost; one of exactly the cells in view has a pixel for
    /// every pixel of the square.
    void paintCells(QPainter& painter, const std::vector<PlacedImage>& images) const;
    void paintLabels(QPainter& painter, const AffinityMarks& marks) const;
    void paintBars(QPainter& painter) const;
    void paintNote(QPainter& painter) const; // what a pixel stands for, and how to move
    void paintMarks(QPainter& painter, const AffinityMarks& marks) const; // outlines and tooltip

    /// Width that the widest label takes, long ones elided.
    static int labelWidth(const AffinityPicture& picture, const QFont& font);
    /// Width that the words beside the bars below take.
    static int captionWidth(const QFont& font);

private:
    bool showsLabel(int token, int stride, const std::optional<int>& pinned, int first) const;
    void paintImage(QPainter& painter, const PlacedImage& image) const;
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
