// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_curve_items.h"

#include <qcustomplot.h>

#include <cmath>
#include <limits>

namespace timestep {

namespace {

/// Dots at the very edge of a plot are seen whole.
class DotGraph final : public QCPGraph
{
public:
    DotGraph(QCustomPlot& plot, double reach)
        : QCPGraph(plot.xAxis, plot.yAxis)
        , m_reach(static_cast<int>(std::ceil(reach)))
    {
    }

protected:
    QRect clipRect() const override
    {
        return QCPGraph::clipRect().adjusted(-m_reach, -m_reach, m_reach, m_reach);
    }

private:
    int m_reach; // pixels
};

QColor colorOf(const RaceCurve& curve, const Theme& theme)
{
    constexpr int Pale = 140;
    QColor color = raceColors(curve, theme).outline;
    if (curve.baseline)
        color.setAlpha(Pale);
    return color;
}

/// A line has no way through what is not a number.
void addGapBefore(const RaceDot& dot, QCPGraph& graph)
{
    if (!dot.joined)
        graph.addData(dot.x, std::numeric_limits<double>::quiet_NaN());
}

void drawBand(QCustomPlot& plot, const RaceCurve& curve, const RaceInk& ink)
{
    constexpr int Shade = 60;
    QColor shade = colorOf(curve, ink.theme);
    shade.setAlpha(Shade);
    QCPGraph* upper = plot.addGraph();
    QCPGraph* lower = plot.addGraph();
    for (const RaceDot& dot : curve.dots) {
        addGapBefore(dot, *upper);
        addGapBefore(dot, *lower);
        upper->addData(dot.x, dot.upper);
        lower->addData(dot.x, dot.lower);
    }
    upper->setPen(Qt::NoPen);
    lower->setPen(Qt::NoPen);
    upper->setBrush(shade);
    upper->setChannelFillGraph(lower);
}

void drawLine(QCustomPlot& plot, const RaceCurve& curve, const RaceInk& ink)
{
    QCPGraph* graph = plot.addGraph();
    for (const RaceDot& dot : curve.dots) {
        addGapBefore(dot, *graph);
        graph->addData(dot.x, dot.y);
    }
    graph->setPen(racePen(curve, ink));
}

QCPScatterStyle dotStyle(const RaceCurve& curve, bool disturbed, const RaceInk& ink)
{
    constexpr double SquareSize = 0.7; // of a disc
    const QColor color = colorOf(curve, ink.theme);
    if (curve.baseline)
        return { QCPScatterStyle::ssSquare, QPen(color, ink.dot / 8), ink.theme.window,
            SquareSize * ink.dot };
    if (disturbed)
        return { QCPScatterStyle::ssCircle, QPen(color, ink.dot / 4), ink.theme.window, ink.dot };
    return { QCPScatterStyle::ssDisc, color, color, ink.dot };
}

void drawDots(QCustomPlot& plot, const RaceCurve& curve, bool disturbed, const RaceInk& ink)
{
    auto* graph = new DotGraph(plot, ink.dot); // the plot owns it
    for (const RaceDot& dot : curve.dots)
        if (dot.disturbed == disturbed)
            graph->addData(dot.x, dot.y);
    graph->setLineStyle(QCPGraph::lsNone);
    graph->setScatterStyle(dotStyle(curve, disturbed, ink));
}

} // namespace

const Theme::ModelColors& raceColors(const RaceCurve& curve, const Theme& theme)
{
    return ofAttention(curve.line) ? theme.attention : theme.lstm;
}

QPen racePen(const RaceCurve& curve, const RaceInk& ink)
{
    QPen pen(colorOf(curve, ink.theme), ink.dot / 4);
    if (curve.baseline) {
        pen.setWidthF(ink.dot / 8);
        pen.setDashPattern({ 1, 3 });
    } else if (curve.planned) {
        pen.setDashPattern(
            curve.line == RaceLine::HiddenSplit || curve.line == RaceLine::StoredAffinities
                ? QList<qreal> { 1, 2 }
                : QList<qreal> { 3, 2 });
    }
    return pen;
}

void drawCurves(QCustomPlot& plot, const std::vector<RaceCurve>& curves, const RaceInk& ink)
{
    for (const RaceCurve& curve : curves)
        if (!curve.planned && !curve.baseline && curve.dots.size() > 1)
            drawBand(plot, curve, ink);
    for (const RaceCurve& curve : curves) {
        drawLine(plot, curve, ink);
        if (!curve.planned)
            for (const bool disturbed : { false, true })
                drawDots(plot, curve, disturbed, ink);
    }
}

} // namespace timestep
