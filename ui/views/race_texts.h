// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curve_items.h"
#include "ui/views/race_plot_content.h"

#include <QColor>
#include <QFont>
#include <QLineF>
#include <QPointF>
#include <QString>

#include <vector>

class QCustomPlot;

namespace timestep {

/// The texts in a plot and above it: the names of lines, what is said of crossovers, and the label
/// of the vertical axis where it is too long for it.
class RaceTexts
{
public:
    RaceTexts(
        QCustomPlot& plot, const RacePlotContent& content, const RaceInk& ink, const QFont& font);

    bool yLabelAlongAxis() const { return m_yLabel == Place::AlongAxis; }
    double besideWidth() const; // pixels, of names right of the plot
    double headerHeight() const; // pixels
    double textWidth(const QString& text) const;

    /// Places the texts in a plot whose axes are laid out. Those that find no room are given
    /// another place for the next try. Whether there were any: then the axes are to be laid out
    /// anew. None goes back, so this ends.
    bool place(RacePlotPlaces& places);
    void draw(RacePlotPlaces& places);
    void drawText(const QString& text, QPointF place, Qt::Alignment alignment, const QColor& color);

private:
    enum class Place
    {
        AlongAxis,
        Within,
        Beside,
        Above,
    };
    struct Header // a text above the plot
    {
        QString text;
        QColor color;
        const RaceCurve* curve = nullptr; // whose line is shown in front
        QRectF place; // of the text
        QLineF sample; // of the line
    };

    void placeMarkLines(RacePlotPlaces& places) const;
    bool moveYLabel(RacePlotPlaces& places);
    bool moveNames(RacePlotPlaces& places);
    bool moveMarks(RacePlotPlaces& places);
    void placeNamesBeside(RacePlotPlaces& places) const;
    bool placeNamesWithin(RacePlotPlaces& places) const;
    bool placeMark(std::size_t index, const std::vector<QLineF>& lines, std::vector<QRectF>& taken,
        RacePlotPlaces& places) const;
    void drawMark(const RacePlotPlaces::Mark& mark, const QRectF& area);
    void drawSample(const RaceCurve& curve, const QLineF& place);

    std::vector<Header> header() const; // placed from the left edge, in lines
    bool headerHasRoom() const;
    std::vector<const RaceCurve*> namedCurves() const; // the highest first
    bool namesBeside() const;
    bool namesFitBeside() const;
    QString nameOf(const RaceCurve& curve) const;
    std::vector<QPointF> pointsOf(const RaceCurve& curve) const; // in pixels
    std::vector<QLineF> segments() const; // of all curves, in pixels
    std::vector<QRectF> dotPlaces() const;

    QCustomPlot& m_plot;
    const RacePlotContent& m_content;
    RaceInk m_ink;
    QFont m_font;
    double m_line; // height of a line of text
    Place m_yLabel = Place::AlongAxis;
    Place m_names = Place::Within; // where they are not beside
    bool m_shortNames = false;
    std::vector<bool> m_markAbove; // told in full there
};

} // namespace timestep
