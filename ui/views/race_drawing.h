// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_axis.h"
#include "ui/views/race_curve_items.h"
#include "ui/views/race_curves.h"
#include "ui/views/race_marks.h"

#include <QColor>
#include <QFont>
#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <vector>

class QCPAxis;
class QCustomPlot;

namespace timestep {

struct Theme;

/// What one plot of the race shows, and how.
struct RacePlotContent
{
    std::vector<RaceCurve> curves;
    std::vector<RaceMark> marks;
    QString xLabel, yLabel;
    QString emptyText; // where there are no curves
    bool namesBeside = false; // right of the plot, where there is room; else within it
    RaceScale scale = RaceScale::Logarithmic;
    RaceUnit yUnit = RaceUnit::Number;
    std::vector<double> xTicks, yTicks; // of logarithmic axes, ascending; empty: chosen by the dots
    double yLeast = 0; // above 0: the vertical axis begins there, if not at its first tick
};

/// Where what has been drawn is, in pixels of the plot.
struct RacePlotPlaces
{
    struct Text
    {
        QString text;
        QRectF place;
    };
    struct Mark
    {
        double left = 0, right = 0; // of a line the same
        QString text;
        QRectF place; // of the text; empty: no room for it
    };
    std::vector<Text> xTicks, yTicks; // those that are shown
    std::vector<Text> names; // within or beside
    std::vector<Text> header; // above the plot: what had no room elsewhere
    std::vector<Mark> marks;
    QRectF yLabel; // within the plot; empty: along its axis, or above
    QRectF area; // within the axes
    double dotSize = 0; // diameter
};

/// Draws the content into a plot that has nothing else. Texts never touch one another; names and
/// what is said of crossovers keep clear of the lines. What has no room goes to lines above.
class RaceDrawing
{
public:
    RaceDrawing(QCustomPlot& plot, const RacePlotContent& content, const Theme& theme,
        const QFont& font); // of all texts

    /// To be followed by a replot.
    RacePlotPlaces draw();

private:
    enum class Place
    {
        AtAxis,
        Within,
        Above,
    };
    struct Header // a text above the plot
    {
        QString text;
        QColor color;
        const RaceCurve* curve = nullptr; // whose line is shown in front
    };

    void setRanges();
    void setMargins(double header);
    void setTicks();
    void setTicks(QCPAxis& axis, const std::vector<double>& ticks, RaceUnit unit,
        std::vector<RacePlotPlaces::Text>& shown);
    QRectF tickPlace(const QCPAxis& axis, double value, const QString& text) const;
    std::vector<double> ticksOf(const QCPAxis& axis, const std::vector<double>& given) const;
    void layOut(double header);
    void drawXLabel();
    void drawNothingYet();
    // Places texts; those that find no room are given another place for the next try. Whether there
    // were any: then all is to be laid out anew. None goes back, so this ends.
    bool moveTexts();
    bool moveYLabel();
    bool moveNames();
    bool moveMarks();
    void placeNamesBeside();
    bool placeNamesWithin();
    void placeMarkLines();
    std::vector<QLineF> markLines() const;
    bool placeMark(std::size_t index, const std::vector<QLineF>& lines, std::vector<QRectF>& taken);
    void drawMark(const RacePlotPlaces::Mark& mark);
    void drawTexts();
    std::vector<Header> headerTexts() const;
    bool headerHasRoom(const std::vector<Header>& texts);
    double headerHeight(const std::vector<Header>& texts, bool drawn);
    void drawSample(const RaceCurve& curve, QPointF left, double width);
    void drawText(const QString& text, QPointF place, Qt::Alignment alignment, const QColor& color);

    std::vector<const RaceCurve*> namedCurves() const; // the highest first
    bool namesBeside() const;
    QString nameOf(const RaceCurve& curve) const;
    std::vector<QPointF> pointsOf(const RaceCurve& curve) const; // in pixels
    std::vector<QLineF> segments() const; // of all curves, in pixels
    std::vector<QRectF> dotPlaces() const;
    QPointF pixelOf(double x, double y) const;
    double textWidth(const QString& text) const;

    QCustomPlot& m_plot;
    const RacePlotContent& m_content;
    const Theme& m_theme;
    QFont m_font;
    double m_line; // height of a line of text
    RaceInk m_ink;
    Place m_yLabel = Place::AtAxis;
    Place m_names = Place::Within; // where they are not beside
    bool m_shortNames = false;
    std::vector<bool> m_markAbove; // told in full there
    RacePlotPlaces m_places;
};

} // namespace timestep
