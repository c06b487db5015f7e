// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/live_lstm_images.h"
#include "ui/views/lstm_layout.h"
#include "ui/views/lstm_picture.h"
#include "ui/views/theme.h"

#include <QFont>

#include <optional>
#include <vector>

class QPainter;

namespace timestep {

/// A value of the picture.
struct LstmCell
{
    LstmQuantity quantity = LstmQuantity::Input;
    int step = 0;
    int unit = 0;
    bool operator==(const LstmCell&) const = default;
};

/// What is pointed at in the heatmaps; steps are tokens of the window.
struct LstmMarks
{
    std::optional<int> pinnedStep;
    std::optional<int> hoveredStep; // in this or any other picture
    std::optional<int> pinnedUnit;
    std::optional<LstmCell> cell; // under the pointer or the arrow keys
    std::optional<IndexRange> span; // brushed
    std::vector<int> foundUnits;
};

/// Draws the heatmaps of a layer for one state of them; knows no widget.
class LstmPainter
{
public:
    LstmPainter(const LstmPicture& picture, const TokenAxis& axis, const LstmLayout& layout,
        const Theme& theme, const QFont& labelFont, const QFont& textFont);

    /// `images`: of all tokens of their own axis; those of this one's have a pixel for every pixel.
    void paintMaps(QPainter& painter, const LstmImages& images) const;
    void paintNames(QPainter& painter) const;
    void paintLabels(QPainter& painter, std::optional<int> pinned) const;
    void paintNote(QPainter& painter) const; // what a pixel stands for, and how to move
    void paintMarks(QPainter& painter, const LstmMarks& marks) const; // outlines and tooltip

    static LstmLetters lettersOf(
        const LstmPicture& picture, const QFont& labelFont, const QFont& textFont);

private:
    void paintGaps(QPainter& painter, const QRect& cells) const;
    void paintStep(QPainter& painter, int step, const QColor& color, int thickness) const;
    void paintUnit(QPainter& painter, int unit, const QColor& color, int thickness) const;
    void paintSpan(QPainter& painter, IndexRange span) const;
    void paintTooltip(QPainter& painter, const LstmCell& cell) const;

    const LstmPicture& m_picture;
    const LstmLayout& m_layout;
    const TokenColumns m_columns;
    const Theme& m_theme;
    const QFont m_labelFont;
    const QFont m_textFont;
};

/// Grey brackets around some steps, between two heights; so a range is drawn in every picture.
void paintBrackets(QPainter& painter, IndexRange pixels, int top, int bottom, const QColor& color);

} // namespace timestep
