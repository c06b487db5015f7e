// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_drawing.h"

#include "ui/views/label_place.h"
#include "ui/views/theme.h"

#include <QFontMetricsF>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace timestep {

namespace {

constexpr double LeastDot = 8; // pixels
constexpr double BeyondTicks = 0.04; // of the axis, so that no dot is cut at its ends
constexpr double TickGap = 6; // pixels between tick labels
constexpr double BesideGap = 8; // pixels between plot and names
constexpr double MostBeside = 0.3; // of the width of the plot, for the names beside it
constexpr int TickPadding = 4;
const QString UnderCurves = QStringLiteral("grid"); // a layer of QCustomPlot

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

/// Broken at the blank nearest to its middle.
QString inTwoLines(QString text)
{
    const auto middle = text.size() / 2;
    const auto before = text.lastIndexOf(QLatin1Char(' '), middle);
    const auto after = text.indexOf(QLatin1Char(' '), middle);
    const auto nearest
        = before < 0 || (after >= 0 && after - middle < middle - before) ? after : before;
    if (nearest >= 0)
        text[nearest] = QLatin1Char('\n');
    return text;
}

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

/// Where the line passes at x, between dots straight on logarithmic paper.
double heightAt(const RaceCurve& curve, double x)
{
    for (std::size_t next = 1; next < curve.dots.size(); ++next) {
        const RaceDot& from = curve.dots[next - 1];
        const RaceDot& to = curve.dots[next];
        if (x <= to.x)
            return from.y * std::pow(to.y / from.y, std::log(x / from.x) / std::log(to.x / from.x));
    }
    return curve.dots.back().y;
}

} // namespace

RaceDrawing::RaceDrawing(
    QCustomPlot& plot, const RacePlotContent& content, const Theme& theme, const QFont& font)
    : m_plot(plot)
    , m_content(content)
    , m_theme(theme)
    , m_font(font)
    , m_line(QFontMetricsF(font).height())
    , m_ink { theme, std::max(LeastDot, 0.4 * m_line) }
    , m_markAbove(content.marks.size(), false)
{
}

RacePlotPlaces RaceDrawing::draw()
{
    m_plot.clearGraphs();
    m_plot.clearItems();
    drawCurves(m_plot, m_content.curves, m_ink);
    setRanges();
    do
        layOut(headerHeight(headerTexts(), false));
    while (moveTexts());
    if (std::all_of(m_content.curves.begin(), m_content.curves.end(),
            [](const RaceCurve& curve) { return curve.dots.empty(); }))
        drawNothingYet();
    drawXLabel();
    drawTexts();
    for (const RacePlotPlaces::Mark& mark : m_places.marks)
        drawMark(mark);
    headerHeight(headerTexts(), true);
    return m_places;
}

// Curves in pixels

QPointF RaceDrawing::pixelOf(double x, double y) const
{
    return { m_plot.xAxis->coordToPixel(x), m_plot.yAxis->coordToPixel(y) };
}

std::vector<QPointF> RaceDrawing::pointsOf(const RaceCurve& curve) const
{
    std::vector<QPointF> points;
    for (const RaceDot& dot : curve.dots)
        points.push_back(pixelOf(dot.x, dot.y));
    return points;
}

std::vector<QLineF> RaceDrawing::segments() const
{
    std::vector<QLineF> lines;
    for (const RaceCurve& curve : m_content.curves) {
        const std::vector<QPointF> points = pointsOf(curve);
        for (std::size_t point = 1; point < points.size(); ++point)
            lines.emplace_back(points[point - 1], points[point]);
    }
    return lines;
}

std::vector<QRectF> RaceDrawing::dotPlaces() const
{
    std::vector<QRectF> places;
    for (const RaceCurve& curve : m_content.curves)
        if (!curve.planned)
            for (const QPointF& point : pointsOf(curve))
                places.emplace_back(
                    point - QPointF(m_ink.dot, m_ink.dot) / 2, QSizeF(m_ink.dot, m_ink.dot));
    return places;
}

// Axes

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

void RaceDrawing::layOut(double header)
{
    m_places = {};
    m_places.dotSize = m_ink.dot;
    setMargins(header);
    m_plot.yAxis->setLabel(m_yLabel == Place::AtAxis ? m_content.yLabel : QString());
    m_plot.replot(QCustomPlot::rpQueuedRefresh); // places the axes, so that labels can be counted
    setTicks();
    m_plot.replot(QCustomPlot::rpQueuedRefresh); // and makes room for these labels
    m_places.area = m_plot.axisRect()->rect();
}

void RaceDrawing::setMargins(double header)
{
    double right = 16;
    if (namesBeside())
        for (const RaceCurve* curve : namedCurves())
            right = std::max(right, BesideGap + textWidth(curve->label) + 4);
    for (const double tick : m_content.xTicks)
        right = std::max(right, textWidth(tickText(tick, RaceUnit::Number)) / 2 + 2);
    // The lowest number beside the plot is as far below it as half its height.
    const auto padding = static_cast<int>(m_line / 2);
    m_plot.xAxis->setTickLabelPadding(padding);
    m_plot.yAxis->setTickLabelPadding(TickPadding);
    m_plot.axisRect()->setMinimumMargins(
        QMargins(static_cast<int>(textWidth(m_content.xLabel) + 3 * TickGap),
            static_cast<int>(m_line / 2 + 1 + header), static_cast<int>(right),
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
    const double room = vertical ? area.height() / (LineSpacing * m_line)
                                 : area.width() / (textWidth(tickText(range.upper, unit)) + m_line);
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
    const QSizeF size(textWidth(text), m_line);
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
    drawText(m_content.xLabel, { right, m_places.area.bottom() + m_plot.xAxis->tickLabelPadding() },
        Qt::AlignRight | Qt::AlignTop, m_theme.secondaryText);
}

// Names, crossovers and what is above the plot

double RaceDrawing::textWidth(const QString& text) const
{
    return QFontMetricsF(m_font).horizontalAdvance(text);
}

void RaceDrawing::drawText(
    const QString& text, QPointF place, Qt::Alignment alignment, const QColor& color)
{
    auto* item = new QCPItemText(&m_plot);
    item->setClipToAxisRect(false);
    item->position->setType(QCPItemPosition::ptAbsolute);
    item->position->setCoords(place);
    item->setPositionAlignment(alignment);
    item->setTextAlignment(Qt::AlignLeft);
    item->setText(text);
    item->setFont(m_font);
    item->setColor(color);
}

void RaceDrawing::drawNothingYet()
{
    drawText(m_content.emptyText, m_places.area.center(), Qt::AlignCenter, m_theme.secondaryText);
}

std::vector<const RaceCurve*> RaceDrawing::namedCurves() const
{
    std::vector<const RaceCurve*> named;
    for (const RaceCurve& curve : m_content.curves)
        if (!curve.label.isEmpty() && !curve.dots.empty() && !curve.baseline)
            named.push_back(&curve);
    std::sort(named.begin(), named.end(), [](const RaceCurve* left, const RaceCurve* right) {
        const double x = std::min(left->dots.back().x, right->dots.back().x);
        return heightAt(*left, x) > heightAt(*right, x);
    });
    return named;
}

bool RaceDrawing::namesBeside() const
{
    if (!m_content.namesBeside)
        return false;
    const std::vector<const RaceCurve*> named = namedCurves();
    return static_cast<double>(named.size() + 2) * m_line <= m_plot.height()
        && std::all_of(named.begin(), named.end(), [this](const RaceCurve* curve) {
               return textWidth(curve->label) <= MostBeside * m_plot.width();
           });
}

bool RaceDrawing::headerHasRoom(const std::vector<Header>& texts)
{
    constexpr double MostHeader = 0.3; // of the height of the plot
    return headerHeight(texts, false) <= MostHeader * m_plot.height();
}

bool RaceDrawing::moveTexts()
{
    placeMarkLines();
    const bool label = moveYLabel();
    const bool names = moveNames();
    return moveMarks() || names || label;
}

/// Along its axis, else at the top of it within the plot, else above.
bool RaceDrawing::moveYLabel()
{
    const QRectF& area = m_places.area;
    if (m_yLabel == Place::AtAxis && textWidth(m_content.yLabel) > area.height()) {
        m_yLabel = Place::Within;
        return true;
    }
    if (m_yLabel != Place::Within)
        return false;
    std::vector<QLineF> lines = segments();
    const std::vector<QLineF> markers = markLines();
    lines.insert(lines.end(), markers.begin(), markers.end());
    const auto place = labelPlace({ textWidth(m_content.yLabel), m_line },
        { area.bottomLeft(), area.topLeft() }, area, lines, dotPlaces());
    if (place)
        m_places.yLabel = *place;
    else
        m_yLabel = Place::Above;
    return !place;
}

/// Whole names within the plot, else above it, else without what is said of them.
bool RaceDrawing::moveNames()
{
    if (namesBeside()) {
        placeNamesBeside();
        return false;
    }
    if (m_names == Place::Above || placeNamesWithin())
        return false;
    m_names = Place::Above;
    if (m_shortNames || headerHasRoom(headerTexts()))
        return true;
    m_shortNames = true;
    m_names = Place::Within;
    return true;
}

/// Right of the last dots, none over another and none below the plot.
void RaceDrawing::placeNamesBeside()
{
    double top = m_places.area.top() - m_line / 2;
    for (const RaceCurve* curve : namedCurves()) {
        const double line = m_plot.yAxis->coordToPixel(curve->dots.back().y);
        top = std::max(top, line - m_line / 2);
        m_places.names.push_back({ curve->label,
            QRectF(m_places.area.right() + BesideGap, top, textWidth(curve->label), m_line) });
        top += m_line;
    }
    double bottom = m_places.area.bottom() + m_line / 2;
    for (auto name = m_places.names.rbegin(); name != m_places.names.rend(); ++name) {
        name->place.moveBottom(std::min(name->place.bottom(), bottom));
        bottom = name->place.top();
    }
}

/// Whether there is a place for all names.
bool RaceDrawing::placeNamesWithin()
{
    const std::vector<QLineF> lines = segments();
    std::vector<QRectF> taken = dotPlaces();
    const std::vector<const RaceCurve*> named = namedCurves();
    std::vector<RacePlotPlaces::Text> names(named.size());
    if (m_yLabel == Place::Within)
        taken.push_back(m_places.yLabel);
    // From the lowest line up: the lower ones have less room.
    for (std::size_t index = named.size(); index-- > 0;) {
        const RaceCurve& curve = *named[index];
        const auto place = labelPlace(
            { textWidth(curve.label), m_line }, pointsOf(curve), m_places.area, lines, taken);
        if (!place)
            return false;
        names[index] = { curve.label, *place };
        taken.push_back(*place);
    }
    m_places.names = std::move(names);
    return true;
}

void RaceDrawing::placeMarkLines()
{
    for (const RaceMark& mark : m_content.marks) {
        const double left = m_plot.xAxis->coordToPixel(mark.range ? mark.from : mark.x);
        const double right = m_plot.xAxis->coordToPixel(mark.range ? mark.to : mark.x);
        m_places.marks.push_back({ left, right, mark.text, {} });
    }
}

std::vector<QLineF> RaceDrawing::markLines() const
{
    std::vector<QLineF> lines;
    for (const RacePlotPlaces::Mark& mark : m_places.marks)
        for (const double x : { mark.left, mark.right })
            lines.emplace_back(x, m_places.area.top(), x, m_places.area.bottom());
    return lines;
}

/// Beside their lines; the names come first. What is not told in full within is told above, if
/// enough of the plot is left.
bool RaceDrawing::moveMarks()
{
    std::vector<QLineF> lines = segments();
    std::vector<QRectF> taken = dotPlaces();
    for (const RacePlotPlaces::Text& name : m_places.names)
        taken.push_back(name.place);
    if (m_yLabel == Place::Within)
        taken.push_back(m_places.yLabel);
    const std::vector<QLineF> markers = markLines();
    lines.insert(lines.end(), markers.begin(), markers.end());
    bool moved = false;
    for (std::size_t index = 0; index < m_content.marks.size(); ++index) {
        const bool told = placeMark(index, lines, taken);
        if (told || m_markAbove[index])
            continue;
        m_markAbove[index] = true;
        m_markAbove[index] = headerHasRoom(headerTexts());
        moved = moved || m_markAbove[index];
    }
    return moved;
}

/// Whether it is told in full: in one line or two.
bool RaceDrawing::placeMark(
    std::size_t index, const std::vector<QLineF>& lines, std::vector<QRectF>& taken)
{
    const RaceMark& content = m_content.marks[index];
    RacePlotPlaces::Mark& mark = m_places.marks[index];
    std::vector<QString> texts { content.shortText };
    if (!m_markAbove[index]) // else it is told in full already
        texts.insert(texts.begin(), { content.text, inTwoLines(content.text) });
    for (const QString& text : texts) {
        const QStringList rows = text.split(QLatin1Char('\n'));
        double width = 0;
        for (const QString& row : rows)
            width = std::max(width, textWidth(row));
        const auto place = labelPlace({ width, m_line * static_cast<double>(rows.size()) },
            { QPointF(mark.right, m_places.area.bottom()),
                QPointF(mark.right, m_places.area.top()) },
            m_places.area, lines, taken);
        if (!place)
            continue;
        mark.text = text;
        mark.place = *place;
        taken.push_back(*place);
        return text != content.shortText;
    }
    return false;
}

void RaceDrawing::drawMark(const RacePlotPlaces::Mark& mark)
{
    const QRectF& area = m_places.area;
    for (const double x : { mark.left, mark.right }) {
        auto* line = new QCPItemLine(&m_plot);
        line->setLayer(UnderCurves);
        line->setAntialiased(false);
        for (QCPItemPosition* end : { line->start, line->end })
            end->setType(QCPItemPosition::ptAbsolute);
        line->start->setCoords(x, area.top());
        line->end->setCoords(x, area.bottom());
        line->setPen(QPen(m_theme.bracket, m_ink.dot / 8));
    }
    if (mark.right > mark.left) {
        constexpr int Shade = 50;
        QColor shade = m_theme.bracket;
        shade.setAlpha(Shade);
        auto* range = new QCPItemRect(&m_plot);
        range->setLayer(UnderCurves);
        for (QCPItemPosition* corner : { range->topLeft, range->bottomRight })
            corner->setType(QCPItemPosition::ptAbsolute);
        range->topLeft->setCoords(mark.left, area.top());
        range->bottomRight->setCoords(mark.right, area.bottom());
        range->setPen(Qt::NoPen);
        range->setBrush(shade);
    }
    if (!mark.place.isEmpty())
        drawText(mark.text, mark.place.topLeft(), Qt::AlignLeft | Qt::AlignTop, m_theme.text);
}

void RaceDrawing::drawTexts()
{
    if (m_yLabel == Place::Within)
        drawText(m_content.yLabel, m_places.yLabel.topLeft(), Qt::AlignLeft | Qt::AlignTop,
            m_theme.secondaryText);
    const std::vector<const RaceCurve*> named = namedCurves();
    for (std::size_t index = 0; index < m_places.names.size(); ++index) {
        const RacePlotPlaces::Text& name = m_places.names[index];
        drawText(name.text, name.place.topLeft(), Qt::AlignLeft | Qt::AlignTop,
            raceColors(*named[index], m_theme).text);
    }
}

QString RaceDrawing::nameOf(const RaceCurve& curve) const
{
    return m_shortNames ? curve.label.section(QLatin1Char(':'), 0, 0) : curve.label;
}

std::vector<RaceDrawing::Header> RaceDrawing::headerTexts() const
{
    std::vector<Header> texts;
    if (m_yLabel == Place::Above)
        texts.push_back({ m_content.yLabel, m_theme.secondaryText });
    if (m_names == Place::Above)
        for (const RaceCurve* curve : namedCurves())
            texts.push_back({ nameOf(*curve), raceColors(*curve, m_theme).text, curve });
    for (std::size_t index = 0; index < m_content.marks.size(); ++index)
        if (m_markAbove[index])
            texts.push_back({ m_content.marks[index].text, m_theme.text });
    return texts;
}

/// From the left edge, as many a line as there is room for.
double RaceDrawing::headerHeight(const std::vector<Header>& texts, bool drawn)
{
    const double sample = 1.4 * m_line; // pixels of a line in front of its name
    const double gap = 0.8 * m_line;
    const double most = m_plot.width();
    double left = 0;
    double top = 0;
    for (const Header& text : texts) {
        const double before = text.curve ? sample + TickPadding : 0;
        const QString shown
            = QFontMetricsF(m_font).elidedText(text.text, Qt::ElideRight, most - before);
        const double width = before + textWidth(shown);
        if (left > 0 && left + width > most) {
            left = 0;
            top += m_line;
        }
        if (drawn) {
            const QRectF place(left + before, top, textWidth(shown), m_line);
            if (text.curve)
                drawSample(*text.curve, { left, top + m_line / 2 }, sample);
            drawText(shown, place.topLeft(), Qt::AlignLeft | Qt::AlignTop, text.color);
            m_places.header.push_back({ shown, place });
        }
        left += width + gap;
    }
    return texts.empty() ? 0 : top + m_line;
}

void RaceDrawing::drawSample(const RaceCurve& curve, QPointF left, double width)
{
    auto* line = new QCPItemLine(&m_plot);
    line->setClipToAxisRect(false);
    for (QCPItemPosition* end : { line->start, line->end })
        end->setType(QCPItemPosition::ptAbsolute);
    line->start->setCoords(left);
    line->end->setCoords(left + QPointF(width, 0));
    line->setPen(racePen(curve, m_ink));
}

} // namespace timestep
