// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_texts.h"

#include "ui/views/label_place.h"

#include <QFontMetricsF>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double BesideGap = 8; // pixels between plot and names
constexpr double MostBeside = 0.32; // of the width of the plot, for the names beside it
const QString UnderCurves = QStringLiteral("grid"); // a layer of QCustomPlot

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

/// Where the line passes at x, between dots straight on logarithmic paper.
double heightAt(const RaceCurve& curve, double x)
{
    for (std::size_t next = 1; next < curve.dots.size(); ++next) {
        const RaceDot& from = curve.dots[next - 1];
        const RaceDot& to = curve.dots[next];
        if (x > to.x)
            continue;
        if (!(from.y > 0 && to.y > 0 && from.x > 0))
            return to.y; // no place on such paper
        return from.y * std::pow(to.y / from.y, std::log(x / from.x) / std::log(to.x / from.x));
    }
    return curve.dots.back().y;
}

/// With a gap to what may be beside it.
QRectF spaced(const QRectF& text)
{
    constexpr double Gap = 8; // pixels
    return text.adjusted(-Gap, 0, Gap, 0);
}

std::vector<QLineF> markLines(const RacePlotPlaces& places)
{
    std::vector<QLineF> lines;
    const auto add
        = [&](double x) { lines.emplace_back(x, places.area.top(), x, places.area.bottom()); };
    for (const RacePlotPlaces::Mark& mark : places.marks) {
        add(mark.left);
        if (mark.right > mark.left)
            add(mark.right);
    }
    return lines;
}

} // namespace

RaceTexts::RaceTexts(
    QCustomPlot& plot, const RacePlotContent& content, const RaceInk& ink, const QFont& font)
    : m_plot(plot)
    , m_content(content)
    , m_ink(ink)
    , m_font(font)
    , m_line(QFontMetricsF(font).height())
    , m_markAbove(content.marks.size(), false)
{
}

double RaceTexts::textWidth(const QString& text) const
{
    return QFontMetricsF(m_font).horizontalAdvance(text);
}

// Curves in pixels

std::vector<QPointF> RaceTexts::pointsOf(const RaceCurve& curve) const
{
    std::vector<QPointF> points;
    for (const RaceDot& dot : curve.dots)
        points.emplace_back(m_plot.xAxis->coordToPixel(dot.x), m_plot.yAxis->coordToPixel(dot.y));
    return points;
}

std::vector<QLineF> RaceTexts::segments() const
{
    std::vector<QLineF> lines;
    for (const RaceCurve& curve : m_content.curves) {
        const std::vector<QPointF> points = pointsOf(curve);
        for (std::size_t point = 1; point < points.size(); ++point)
            lines.emplace_back(points[point - 1], points[point]);
    }
    return lines;
}

std::vector<QRectF> RaceTexts::dotPlaces() const
{
    std::vector<QRectF> places;
    for (const RaceCurve& curve : m_content.curves)
        if (!curve.planned)
            for (const QPointF& point : pointsOf(curve))
                places.emplace_back(
                    point - QPointF(m_ink.dot, m_ink.dot) / 2, QSizeF(m_ink.dot, m_ink.dot));
    return places;
}

// Where texts are

bool RaceTexts::place(RacePlotPlaces& places)
{
    placeMarkLines(places);
    const bool label = moveYLabel(places);
    const bool names = moveNames(places);
    return moveMarks(places) || names || label;
}

/// Along its axis, else at the top of it within the plot, else above.
bool RaceTexts::moveYLabel(RacePlotPlaces& places)
{
    const QRectF& area = places.area;
    if (m_yLabel == Place::AlongAxis && textWidth(m_content.yLabel) > area.height()) {
        m_yLabel = Place::Within;
        return true;
    }
    if (m_yLabel != Place::Within)
        return false;
    std::vector<QLineF> lines = segments();
    const std::vector<QLineF> markers = markLines(places);
    lines.insert(lines.end(), markers.begin(), markers.end());
    const auto place = labelPlace({ textWidth(m_content.yLabel), m_line },
        { area.bottomLeft(), area.topLeft() }, area, lines, dotPlaces());
    if (place)
        places.yLabel = *place;
    else
        m_yLabel = Place::Above;
    return !place;
}

/// Whole names within the plot, else above it; else without what is said of them within, beside or
/// above.
bool RaceTexts::moveNames(RacePlotPlaces& places)
{
    if (namesBeside()) {
        placeNamesBeside(places);
        return false;
    }
    if (m_names == Place::Above || placeNamesWithin(places))
        return false;
    if (m_shortNames) {
        m_names = namesFitBeside() ? Place::Beside : Place::Above;
        return true;
    }
    m_names = Place::Above;
    if (headerHasRoom())
        return true;
    m_shortNames = true;
    m_names = Place::Within;
    return true;
}

std::vector<const RaceCurve*> RaceTexts::namedCurves() const
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

bool RaceTexts::namesBeside() const
{
    return (m_content.namesBeside || m_names == Place::Beside) && namesFitBeside();
}

bool RaceTexts::namesFitBeside() const
{
    const std::vector<const RaceCurve*> named = namedCurves();
    constexpr double LinesOfAxis = 1.5; // of text, below and half above what the names stand beside
    return (static_cast<double>(named.size()) + LinesOfAxis) * m_line <= m_plot.height()
        && std::all_of(named.begin(), named.end(), [this](const RaceCurve* curve) {
               return textWidth(nameOf(*curve)) <= MostBeside * m_plot.width();
           });
}

QString RaceTexts::nameOf(const RaceCurve& curve) const
{
    return m_shortNames ? curve.label.section(QLatin1Char(':'), 0, 0) : curve.label;
}

double RaceTexts::besideWidth() const
{
    double width = 0;
    if (namesBeside())
        for (const RaceCurve* curve : namedCurves())
            width = std::max(width, BesideGap + textWidth(nameOf(*curve)) + 4);
    return width;
}

/// Right of the last dots, none over another and none below the plot.
void RaceTexts::placeNamesBeside(RacePlotPlaces& places) const
{
    double top = places.area.top() - m_line / 2;
    for (const RaceCurve* curve : namedCurves()) {
        const double line = m_plot.yAxis->coordToPixel(curve->dots.back().y);
        top = std::max(top, line - m_line / 2);
        const QString name = nameOf(*curve);
        places.names.push_back(
            { name, QRectF(places.area.right() + BesideGap, top, textWidth(name), m_line) });
        top += m_line;
    }
    double bottom = places.area.bottom() + m_line / 2;
    for (auto name = places.names.rbegin(); name != places.names.rend(); ++name) {
        name->place.moveBottom(std::min(name->place.bottom(), bottom));
        bottom = name->place.top();
    }
}

/// Whether there is a place for all names.
bool RaceTexts::placeNamesWithin(RacePlotPlaces& places) const
{
    const std::vector<QLineF> lines = segments();
    std::vector<QRectF> taken = dotPlaces();
    const std::vector<const RaceCurve*> named = namedCurves();
    std::vector<RacePlotPlaces::Text> names(named.size());
    if (m_yLabel == Place::Within)
        taken.push_back(spaced(places.yLabel));
    // From the lowest line up: the lower ones have less room.
    for (std::size_t index = named.size(); index-- > 0;) {
        const RaceCurve& curve = *named[index];
        const QString name = nameOf(curve);
        const auto place
            = labelPlace({ textWidth(name), m_line }, pointsOf(curve), places.area, lines, taken);
        if (!place)
            return false;
        names[index] = { name, *place };
        taken.push_back(spaced(*place));
    }
    places.names = std::move(names);
    return true;
}

void RaceTexts::placeMarkLines(RacePlotPlaces& places) const
{
    for (const RaceMark& mark : m_content.marks) {
        const double left = m_plot.xAxis->coordToPixel(mark.range ? mark.from : mark.x);
        const double right = m_plot.xAxis->coordToPixel(mark.range ? mark.to : mark.x);
        places.marks.push_back({ left, right, mark.text, {} });
    }
}

/// Beside their lines; the names come first. What is not told in full within is told above, if
/// enough of the plot is left.
bool RaceTexts::moveMarks(RacePlotPlaces& places)
{
    std::vector<QLineF> lines = segments();
    std::vector<QRectF> taken = dotPlaces();
    for (const RacePlotPlaces::Text& name : places.names)
        taken.push_back(spaced(name.place));
    if (m_yLabel == Place::Within)
        taken.push_back(spaced(places.yLabel));
    const std::vector<QLineF> markers = markLines(places);
    lines.insert(lines.end(), markers.begin(), markers.end());
    bool moved = false;
    for (std::size_t index = 0; index < m_content.marks.size(); ++index) {
        const bool told = placeMark(index, lines, taken, places);
        if (told || m_markAbove[index])
            continue;
        m_markAbove[index] = true;
        m_markAbove[index] = headerHasRoom();
        moved = moved || m_markAbove[index];
    }
    return moved;
}

/// Whether it is told in full: in one line or two.
bool RaceTexts::placeMark(std::size_t index, const std::vector<QLineF>& lines,
    std::vector<QRectF>& taken, RacePlotPlaces& places) const
{
    const RaceMark& content = m_content.marks[index];
    RacePlotPlaces::Mark& mark = places.marks[index];
    std::vector<QString> texts { content.shortText };
    if (!m_markAbove[index]) // else it is told in full already
        texts.insert(texts.begin(), { content.text, inTwoLines(content.text) });
    for (const QString& text : texts) {
        const QStringList rows = text.split(QLatin1Char('\n'));
        double width = 0;
        for (const QString& row : rows)
            width = std::max(width, textWidth(row));
        const auto place = labelPlace({ width, m_line * static_cast<double>(rows.size()) },
            { QPointF(mark.right, places.area.bottom()), QPointF(mark.right, places.area.top()) },
            places.area, lines, taken);
        if (!place)
            continue;
        mark.text = text;
        mark.place = *place;
        taken.push_back(spaced(*place));
        return text != content.shortText;
    }
    return false;
}

// Above the plot

std::vector<RaceTexts::Header> RaceTexts::header() const
{
    std::vector<Header> texts;
    if (m_yLabel == Place::Above)
        texts.push_back({ m_content.yLabel, m_ink.theme.secondaryText, nullptr, {}, {} });
    if (m_names == Place::Above)
        for (const RaceCurve* curve : namedCurves())
            texts.push_back(
                { nameOf(*curve), raceColors(*curve, m_ink.theme).text, curve, {}, {} });
    for (std::size_t index = 0; index < m_content.marks.size(); ++index)
        if (m_markAbove[index])
            texts.push_back({ m_content.marks[index].text, m_ink.theme.text, nullptr, {}, {} });
    const double sample = 1.4 * m_line; // pixels of a line in front of its name
    const double gap = 0.8 * m_line;
    double left = 0;
    double top = 0;
    for (Header& text : texts) {
        const double before = text.curve ? sample + gap / 4 : 0;
        text.text
            = QFontMetricsF(m_font).elidedText(text.text, Qt::ElideRight, m_plot.width() - before);
        const double width = before + textWidth(text.text);
        if (left > 0 && left + width > m_plot.width()) {
            left = 0;
            top += m_line;
        }
        const double middle = top + m_line / 2;
        text.sample = QLineF(left, middle, left + sample, middle);
        text.place = QRectF(left + before, top, width - before, m_line);
        left += width + gap;
    }
    return texts;
}

double RaceTexts::headerHeight() const
{
    const std::vector<Header> texts = header();
    return texts.empty() ? 0 : texts.back().place.bottom();
}

/// Whether enough of the plot is left.
bool RaceTexts::headerHasRoom() const
{
    constexpr double MostHeader = 0.24; // of the height of the plot
    return headerHeight() <= MostHeader * m_plot.height();
}

// Drawing

void RaceTexts::draw(RacePlotPlaces& places)
{
    constexpr auto leftTop = Qt::AlignLeft | Qt::AlignTop;
    if (std::all_of(m_content.curves.begin(), m_content.curves.end(),
            [](const RaceCurve& curve) { return curve.dots.empty(); }))
        drawText(
            m_content.emptyText, places.area.center(), Qt::AlignCenter, m_ink.theme.secondaryText);
    if (m_yLabel == Place::Within)
        drawText(m_content.yLabel, places.yLabel.topLeft(), leftTop, m_ink.theme.secondaryText);
    const std::vector<const RaceCurve*> named = namedCurves();
    for (std::size_t index = 0; index < places.names.size(); ++index)
        drawText(places.names[index].text, places.names[index].place.topLeft(), leftTop,
            raceColors(*named[index], m_ink.theme).text);
    for (const RacePlotPlaces::Mark& mark : places.marks)
        drawMark(mark, places.area);
    for (const Header& text : header()) {
        if (text.curve)
            drawSample(*text.curve, text.sample);
        drawText(text.text, text.place.topLeft(), leftTop, text.color);
        places.header.push_back({ text.text, text.place });
    }
}

void RaceTexts::drawText(
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

void RaceTexts::drawMark(const RacePlotPlaces::Mark& mark, const QRectF& area)
{
    for (const double x : { mark.left, mark.right }) {
        auto* line = new QCPItemLine(&m_plot);
        line->setLayer(UnderCurves);
        line->setAntialiased(false);
        for (QCPItemPosition* end : { line->start, line->end })
            end->setType(QCPItemPosition::ptAbsolute);
        line->start->setCoords(x, area.top());
        line->end->setCoords(x, area.bottom());
        line->setPen(QPen(m_ink.theme.bracket, m_ink.dot / 8));
    }
    if (mark.right > mark.left) {
        constexpr int Shade = 50;
        QColor shade = m_ink.theme.bracket;
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
        drawText(mark.text, mark.place.topLeft(), Qt::AlignLeft | Qt::AlignTop, m_ink.theme.text);
}

void RaceTexts::drawSample(const RaceCurve& curve, const QLineF& place)
{
    auto* line = new QCPItemLine(&m_plot);
    line->setClipToAxisRect(false);
    for (QCPItemPosition* end : { line->start, line->end })
        end->setType(QCPItemPosition::ptAbsolute);
    line->start->setCoords(place.p1());
    line->end->setCoords(place.p2());
    line->setPen(racePen(curve, m_ink));
}

} // namespace timestep
