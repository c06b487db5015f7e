// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_drawing.h"

#include <QFontMetricsF>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace timestep {

namespace {

constexpr double LeastDot = 8; // pixels
constexpr double DotOfLine = 0.4; // of the height of a line of text, where that is more
constexpr double BeyondTicks = 0.04; // of the axis, so that no line ends at its edge
constexpr double TickGap = 6; // pixels between tick labels
constexpr int TickPadding = 4;

/// Extremes of what is drawn along an axis.
struct Extent
{
    double from = std::numeric_limits<double>::infinity();
    double to = 0;

    void include(double value)
    {
        if (!(value > 0) || !std::isfinite(value))
            return;
        from = std::min(from, value);
        to = std::max(to, value);
    }
    bool empty() const { return to == 0; }
};

void setRange(QCPAxis& axis, RaceScale scale, const Extent& extent)
{
    if (scale == RaceScale::Linear) {
        axis.setScaleType(QCPAxis::stLinear);
        axis.setRange(0, (extent.empty() ? 1 : extent.to) * (1 + BeyondTicks));
        return;
    }
    const double from = extent.empty() ? 1 : extent.from;
    const double to = extent.empty() ? 10 : extent.to;
    const double beyond = std::pow(to > from ? to / from : 10, BeyondTicks);
    axis.setScaleType(QCPAxis::stLogarithmic);
    axis.setRange(from / beyond, to * beyond);
}

} // namespace

RaceDrawing::RaceDrawing(
    QCustomPlot& plot, const RacePlotContent& content, const Theme& theme, const QFont& font)
    : m_plot(plot)
    , m_content(content)
    , m_ink { theme, std::max(LeastDot, DotOfLine * QFontMetricsF(font).height()) }
    , m_line(QFontMetricsF(font).height())
    , m_texts(plot, content, m_ink, font)
{
}

RacePlotPlaces RaceDrawing::draw()
{
    m_plot.clearGraphs();
    m_plot.clearItems();
    drawCurves(m_plot, m_content.curves, m_ink);
    setRanges();
    do
        layOut();
    while (m_texts.place(m_places));
    drawXLabel();
    m_texts.draw(m_places);
    return m_places;
}

void RaceDrawing::setRanges()
{
    Extent x, y;
    for (const RaceCurve& curve : m_content.curves) {
        for (const RaceDot& dot : curve.dots) {
            x.include(dot.x);
            y.include(dot.y);
            if (curve.planned || curve.baseline)
                continue;
            y.include(dot.lower);
            y.include(dot.upper);
        }
    }
    for (const double tick : m_content.xTicks)
        x.include(tick);
    // A logarithmic axis reaches from tick to tick; of a linear one, as much as there are dots for.
    if (m_content.scale == RaceScale::Logarithmic || y.empty()) {
        y.include(m_content.yLeast);
        for (const double tick : m_content.yTicks)
            y.include(tick);
    }
    setRange(*m_plot.xAxis, m_content.scale, x);
    setRange(*m_plot.yAxis, m_content.scale, y);
}

void RaceDrawing::layOut()
{
    m_places = {};
    m_places.dotSize = m_ink.dot;
    setMargins();
    m_plot.yAxis->setLabel(m_texts.yLabelAlongAxis() ? m_content.yLabel : QString());
    m_plot.replot(QCustomPlot::rpQueuedRefresh); // places the axes, so that labels can be counted
    setTicks();
    m_plot.replot(QCustomPlot::rpQueuedRefresh); // and makes room for these labels
    m_places.area = m_plot.axisRect()->rect();
}

void RaceDrawing::setMargins()
{
    double right = std::max(16.0, m_texts.besideWidth());
    for (const double tick : m_content.xTicks)
        right = std::max(right, m_texts.textWidth(tickText(tick, RaceUnit::Number)) / 2 + 2);
    // The lowest number beside the plot is as far below it as half its height.
    const auto padding = static_cast<int>(m_line / 2);
    m_plot.xAxis->setTickLabelPadding(padding);
    m_plot.yAxis->setTickLabelPadding(TickPadding);
    m_plot.axisRect()->setMinimumMargins(
        QMargins(static_cast<int>(m_texts.textWidth(m_content.xLabel) + 3 * TickGap),
            static_cast<int>(m_line / 2 + 1 + m_texts.headerHeight()), static_cast<int>(right),
            static_cast<int>(padding + m_line + 1)));
}

std::vector<double> RaceDrawing::ticksOf(
    const QCPAxis& axis, const std::vector<double>& given) const
{
    const bool vertical = axis.axisType() == QCPAxis::atLeft;
    const RaceUnit unit = vertical ? m_content.yUnit : RaceUnit::Number;
    const QRect area = m_plot.axisRect()->rect();
    const QCPRange range = axis.range();
    constexpr double LineSpacing = 1.6;
    const double room = vertical
        ? area.height() / (LineSpacing * m_line)
        : area.width() / (m_texts.textWidth(tickText(range.upper, unit)) + m_line);
    const int most = std::clamp(static_cast<int>(room), 1, 12);
    if (m_content.scale == RaceScale::Linear)
        return linearTicks(range.upper, most);
    return given.empty() ? logarithmicTicks(range.lower, range.upper, most) : given;
}

void RaceDrawing::setTicks()
{
    setTicks(
        *m_plot.xAxis, ticksOf(*m_plot.xAxis, m_content.xTicks), RaceUnit::Number, m_places.xTicks);
    setTicks(
        *m_plot.yAxis, ticksOf(*m_plot.yAxis, m_content.yTicks), m_content.yUnit, m_places.yTicks);
}

QRectF RaceDrawing::tickPlace(const QCPAxis& axis, double value, const QString& text) const
{
    const QRectF area = m_plot.axisRect()->rect();
    const QSizeF size(m_texts.textWidth(text), m_line);
    const double along = axis.coordToPixel(value);
    if (axis.axisType() == QCPAxis::atLeft)
        return { QPointF(area.left() - axis.tickLabelPadding() - size.width(), along - m_line / 2),
            size };
    return { QPointF(along - size.width() / 2, area.bottom() + axis.tickLabelPadding()), size };
}

void RaceDrawing::setTicks(QCPAxis& axis, const std::vector<double>& ticks, RaceUnit unit,
    std::vector<RacePlotPlaces::Text>& shown)
{
    const bool vertical = axis.axisType() == QCPAxis::atLeft;
    std::vector<LabelExtent> extents;
    for (const double tick : ticks) {
        const QRectF place = tickPlace(axis, tick, tickText(tick, unit));
        extents.push_back(vertical ? LabelExtent { place.top(), place.bottom() }
                                   : LabelExtent { place.left(), place.right() });
    }
    const auto stride = static_cast<std::size_t>(labelStride(extents, vertical ? 0 : TickGap));
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    ticker->setSubTickCount(0);
    for (std::size_t tick = 0; tick < ticks.size(); tick += stride) {
        const QString text = tickText(ticks[tick], unit);
        ticker->addTick(ticks[tick], text);
        shown.push_back({ text, tickPlace(axis, ticks[tick], text) });
    }
    axis.setTicker(ticker);
}

/// In the line of the ticks, so that it takes no room from the curves and is there at every size.
void RaceDrawing::drawXLabel()
{
    double right = m_places.area.left() - TickPadding;
    if (!m_places.xTicks.empty())
        right = std::min(right, m_places.xTicks.front().place.left() - TickGap);
    m_texts.drawText(m_content.xLabel,
        { right, m_places.area.bottom() + m_plot.xAxis->tickLabelPadding() },
        Qt::AlignRight | Qt::AlignTop, m_ink.theme.secondaryText);
}

} // namespace timestep
