// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_painter.h"

#include "ui/views/theme.h"
#include "ui/views/trace_statement.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double besideText = 5; // pixels between a label and the edges of what it is in
constexpr double besideShortText = 1.5; // the same of a short one, where room is scarce
constexpr double shortLabel = 60; // pixels
constexpr double lowestWait = 4; // pixels of a span without a core: of fewer a hatch is but dots
constexpr std::size_t mostArrows = 200; // each way; the tooltip counts them all
constexpr int mostTicks = 8;
constexpr double shortestLink = 2;
constexpr double pathWidth = 3;
constexpr double linkWidth = 1.5;

std::size_t index(LaneState state) { return static_cast<std::size_t>(state); }

} // namespace

TracePainter::TracePainter(QPainter& painter, const TraceScene& scene, const TraceLayout& layout,
    const Theme& theme, const QFont& font)
    : m_painter(painter)
    , m_scene(scene)
    , m_layout(layout)
    , m_theme(theme)
    , m_font(font)
    , m_metrics(font)
    , m_letterHeight(std::floor(m_metrics.capHeight() + 1.5 * m_metrics.descent()))
    , m_narrowestLabel(m_metrics.horizontalAdvance(QStringLiteral("L1")) + 2 * besideShortText)
{
}

void TracePainter::paint(const QRectF& area)
{
    m_area = area;
    m_painter.setFont(m_font);
    paintLegend();
    for (std::size_t group = 0; group < m_scene.groups.size(); ++group) {
        const TracedGroup& traced = m_scene.groups[group].group();
        for (std::size_t state = 0; state < m_looks.size(); ++state)
            m_looks[state] = stateLook(static_cast<LaneState>(state), traced.kind, m_theme);
        paintTitle(group);
        for (std::size_t lane = 0; lane < traced.lanes.size(); ++lane) {
            paintName(group, lane);
            paintLane(group, lane);
        }
        if (m_scene.showsPath)
            paintPath(group);
    }
    paintClock();
    paintAxis();
    paintWalked();
    paintPin();
    paintRange();
}

/// Work in the colours of both models.
void TracePainter::paintLegend()
{
    if (m_layout.legendEntries() < legendStates.size())
        return;
    for (std::size_t entry = 0; entry < legendStates.size(); ++entry) {
        const LaneState state = legendStates[entry];
        const QRectF place = m_layout.legend(entry);
        QRectF swatch(place.left(), place.top() + 3, TraceLayout::swatchWidth, place.height() - 6);
        const StateLook lstm = stateLook(state, ModelKind::Lstm, m_theme);
        const StateLook attention = stateLook(state, ModelKind::Attention, m_theme);
        const QRectF half(swatch.topLeft(), QSizeF(swatch.width() / 2, swatch.height()));
        for (const auto& [look, part] :
            { std::pair(lstm, half), std::pair(attention, half.translated(half.width(), 0)) }) {
            m_painter.fillRect(part, look.fill);
            std::vector<QLineF> lines;
            addHatch(look.hatch, part, lines);
            m_painter.setPen(QPen(look.ink, 1));
            m_painter.drawLines(lines.data(), static_cast<int>(lines.size()));
        }
        m_painter.setPen(QPen(m_theme.border, 1));
        m_painter.setBrush(Qt::NoBrush);
        if (state != LaneState::Work)
            m_painter.drawRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5));
        m_painter.setPen(m_theme.secondaryText);
        m_painter.drawText(
            place.adjusted(TraceLayout::swatchWidth + TraceLayout::besideSwatch, 0, 2, 0),
            Qt::AlignVCenter, stateName(state));
    }
}

void TracePainter::paintTitle(std::size_t group)
{
    const ShownGroup& shown = m_scene.groups[group];
    const QRectF title = m_layout.title(group);
    if (!title.intersects(m_area))
        return;
    QFont bold = m_font;
    bold.setBold(true);
    m_painter.setFont(bold);
    m_painter.setPen(
        shown.group().kind == ModelKind::Lstm ? m_theme.lstm.text : m_theme.attention.text);
    m_painter.drawText(title, Qt::AlignVCenter, shown.title);
    m_painter.setFont(m_font);
    m_painter.setPen(m_theme.secondaryText);
    const QRectF beside = title.adjusted(m_layout.left(), 0, 0, 0);
    const QString caption = m_scene.showsPath
        ? QStringLiteral("%1 · %2").arg(shown.caption, pathText(shown.group()))
        : shown.caption;
    m_painter.drawText(
        beside, Qt::AlignVCenter, m_metrics.elidedText(caption, Qt::ElideRight, beside.width()));
}

void TracePainter::paintName(std::size_t group, std::size_t lane)
{
    QRectF place = m_layout.name(group, lane);
    if (!m_layout.namesFit() || !place.intersects(m_area))
        return;
    const ShownGroup& shown = m_scene.groups[group];
    constexpr int flags = Qt::AlignVCenter | Qt::TextDontClip;
    m_painter.setPen(m_theme.text);
    if (m_layout.bothNamesFit() && !shown.rows[lane].isEmpty()) {
        const QRectF above(place.topLeft(), QSizeF(place.width(), place.height() / 2 + 1));
        m_painter.drawText(above, flags, shown.rows[lane]);
        place.setTop(place.center().y() - 1);
        m_painter.setPen(m_theme.secondaryText);
    }
    m_painter.drawText(place, flags, shown.names[lane]);
}

void TracePainter::paintLane(std::size_t group, std::size_t lane)
{
    const QRectF place = m_layout.lane(group, lane);
    if (!place.adjusted(-1, -1, 1, 1).intersects(m_area))
        return;
    const ShownGroup& shown = m_scene.groups[group];
    const TracedGroup& traced = shown.group();
    const LaneTimeline& timeline = traced.lanes[lane];
    // To whole pixels: columns of what is too thin must not depend on what is repainted.
    const PixelRange range = uncut(timeline, m_layout.axis(),
        { std::floor(m_area.left()) - 1, std::ceil(m_area.right()) + 1 });
    const double from = std::max(m_layout.left(), range.from);
    const double to = std::min(m_layout.right(), range.to);
    const double end
        = std::clamp(m_layout.axis().pixel(shown.endMs()), m_layout.left(), m_layout.right());
    const double begin = std::max(m_layout.left(), m_layout.axis().pixel(0));
    double free = from; // from here on
    for (const TraceRun& run : traceRuns(timeline, m_layout.axis(), from, to)) {
        const LaneInterval& interval = timeline.intervals()[run.interval];
        paintNothing(free, run.left, place);
        if (run.thin)
            m_thin.add(run, place);
        else if (interval.state == LaneState::Work)
            paintWork(traced, run, interval, place);
        else
            paintWait(run, interval, place);
        free = std::max(free, run.right);
    }
    paintNothing(free, std::min(end, to), place);
    m_thin.paint(m_painter, m_looks);
    paintHatches();
    if (end <= begin)
        return;
    if (timeline.intervals().empty())
        paintNothingBeside(begin, end, place);
    m_painter.setPen(QPen(m_theme.border, 1));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(
        QRectF(begin, place.top(), end - begin, place.height()).adjusted(0.5, 0.5, -0.5, -0.5));
}

/// The lower part stands for the share of its time without a core, where it can be seen: when that
/// was is not known.
void TracePainter::paintWork(
    const TracedGroup& group, const TraceRun& run, const LaneInterval& interval, const QRectF& lane)
{
    QRectF area(run.left, lane.top() + 1, run.right - run.left, lane.height() - 2);
    if (area.width() > 4)
        area.setRight(area.right() - 1); // parted from what follows at once
    const auto wall = static_cast<double>(interval.endNs - interval.beginNs);
    const double waited = 1 - static_cast<double>(interval.cpuNs) / wall;
    QRectF work = area;
    if (waited * area.height() >= lowestWait) {
        work.setHeight(std::max(std::round(area.height() * (1 - waited)), 1.0));
        const QRectF wait = area.adjusted(0, work.height(), 0, 0);
        const StateLook& core = m_looks[index(LaneState::WaitingForCore)];
        m_painter.fillRect(wait, core.fill);
        addHatch(core.hatch, wait, m_hatches[index(LaneState::WaitingForCore)]);
    }
    m_painter.fillRect(work, m_looks[index(LaneState::Work)].fill);
    paintSpanLabel(group, interval.span, work);
}

/// The first label that stands in `place` with all of its letters.
void TracePainter::paintSpanLabel(const TracedGroup& group, int span, const QRectF& place)
{
    const double lineDistance = m_metrics.height() - 2; // two lines belong together
    if (place.height() < m_letterHeight || place.width() < m_narrowestLabel)
        return;
    for (const QString& label : spanLabels(group, span)) {
        const QStringList lines = label.split(QLatin1Char('\n'));
        const double height = m_letterHeight + lineDistance * double(lines.size() - 1);
        double width = 0;
        for (const QString& line : lines)
            width = std::max(width, m_metrics.horizontalAdvance(line));
        const double beside = width < shortLabel ? besideShortText : besideText;
        if (height > place.height() || width + 2 * beside > place.width())
            continue;
        m_painter.setPen(m_looks[index(LaneState::Work)].text);
        QRectF line = place.translated(0, -lineDistance * double(lines.size() - 1) / 2);
        for (const QString& text : lines) {
            m_painter.drawText(line, Qt::AlignCenter | Qt::TextDontClip, text);
            line.translate(0, lineDistance);
        }
        return;
    }
}

void TracePainter::paintWait(const TraceRun& run, const LaneInterval& interval, const QRectF& lane)
{
    const QRectF area(run.left, lane.top() + 1, run.right - run.left, lane.height() - 2);
    const StateLook& waits = look(interval.state);
    m_painter.fillRect(area, waits.fill);
    const double width = m_metrics.horizontalAdvance(stateName(interval.state));
    if (!m_layout.namesFit() || width + 4 * besideText > area.width())
        return addHatch(waits.hatch, area, m_hatches[index(interval.state)]);
    // Letters need a quiet ground.
    const QRectF quiet(area.center().x() - width / 2 - besideText, area.top(),
        width + 2 * besideText, area.height());
    addHatch(waits.hatch, area.adjusted(0, 0, quiet.left() - area.right(), 0),
        m_hatches[index(interval.state)]);
    addHatch(waits.hatch, area.adjusted(quiet.right() - area.left(), 0, 0, 0),
        m_hatches[index(interval.state)]);
    m_painter.setPen(waits.text);
    m_painter.drawText(quiet, Qt::AlignCenter | Qt::TextDontClip, stateName(interval.state));
}

void TracePainter::paintHatches()
{
    for (std::size_t state = 0; state < m_hatches.size(); ++state) {
        auto& lines = m_hatches[state];
        if (lines.empty())
            continue;
        m_painter.setPen(QPen(m_looks[state].ink, 1));
        m_painter.drawLines(lines.data(), static_cast<int>(lines.size()));
        lines.clear();
    }
}

void TracePainter::paintNothing(double left, double right, const QRectF& lane)
{
    if (!m_layout.namesFit() || right <= left)
        return;
    const QString text = stateName(LaneState::NothingToDo);
    if (right - left < m_metrics.horizontalAdvance(text) + 2 * besideText)
        return;
    m_painter.setPen(look(LaneState::NothingToDo).text);
    m_painter.drawText(QRectF(left, lane.top(), right - left, lane.height()),
        Qt::AlignCenter | Qt::TextDontClip, text);
}

/// Of a lane that is too short to have it within.
void TracePainter::paintNothingBeside(double left, double right, const QRectF& lane)
{
    const QString text = stateName(LaneState::NothingToDo);
    const double width = m_metrics.horizontalAdvance(text) + 2 * besideText;
    if (!m_layout.namesFit() || right - left >= width || right + width > m_layout.right())
        return;
    m_painter.setPen(look(LaneState::NothingToDo).text);
    m_painter.drawText(QRectF(right + besideText, lane.top(), width, lane.height()),
        Qt::AlignVCenter | Qt::TextDontClip, text);
}

/// A line above its spans, in the gap between lanes, and from each to where the next begins.
void TracePainter::paintPath(std::size_t group)
{
    const TracedGroup& traced = m_scene.groups[group].group();
    const LaneAxis& axis = m_layout.axis();
    const auto& path = traced.criticalPath;
    const auto spanAt = [&](std::vector<int>::const_iterator place) -> const Span& {
        return traced.trace.spans[static_cast<std::size_t>(*place)];
    };
    const auto endsBefore = [&](double ms) {
        return [&, ns = ms * nsPerMs](int span) {
            return static_cast<double>(traced.trace.spans[static_cast<std::size_t>(span)].endNs)
                <= ns;
        };
    };
    const double to = m_layout.right();
    std::vector<QRectF> bars;
    std::vector<QLineF> links;
    QPointF before; // where the last span ended
    auto place
        = std::partition_point(path.begin(), path.end(), endsBefore(axis.ms(m_layout.left())));
    if (place != path.begin())
        --place; // from which the first in view comes
    for (bool first = true; place != path.end(); first = false) {
        const Span& span = spanAt(place);
        const QRectF lane = m_layout.lane(group, static_cast<std::size_t>(span.lane));
        const double left = axis.pixel(static_cast<double>(span.beginNs) / nsPerMs);
        const double right = axis.pixel(static_cast<double>(span.endNs) / nsPerMs);
        const double y = lane.top() - TraceLayout::gap / 2 - pathWidth / 2;
        const bool goesOn
            = !bars.empty() && bars.back().top() == y && left - bars.back().right() < shortestLink;
        if (goesOn)
            bars.back().setRight(std::max(bars.back().right(), right));
        else
            bars.emplace_back(left, y, std::max(right - left, 1.0), pathWidth);
        const QPointF here(left, y + pathWidth / 2);
        // Of links too short to be seen the lanes they lead to tell enough. The wait is a line in
        // the gap too: words stay legible.
        if (!first && !goesOn
            && (left - before.x() >= shortestLink || right - left >= shortestLink)) {
            links.emplace_back(before, QPointF(left, before.y()));
            links.emplace_back(QPointF(left, before.y()), here);
        }
        before = { right, here.y() };
        if (left > to)
            break;
        ++place;
        // Of many in a pixel the first and the last.
        if (place != path.end() && right - left < 1) {
            const auto next = std::partition_point(
                place, path.end(), endsBefore(axis.ms(std::floor(right) + 1)));
            if (next - place > 1)
                place = next - 1;
        }
    }
    m_painter.save();
    const QRectF lanes = m_layout.lanes(group);
    m_painter.setClipRect(lanes.adjusted(0, -TraceLayout::gap, 0, 0), Qt::IntersectClip);
    m_painter.setPen(QPen(m_theme.window, linkWidth + 2));
    m_painter.drawLines(links.data(), static_cast<int>(links.size()));
    m_painter.setPen(QPen(m_theme.text, linkWidth));
    m_painter.drawLines(links.data(), static_cast<int>(links.size()));
    for (const QRectF& bar : bars)
        m_painter.fillRect(bar, m_theme.text);
    m_painter.restore();
}

QRectF TracePainter::spanRect(const ShownSpan& shown) const
{
    const Span& span = m_scene.span(shown);
    const QRectF lane = m_layout.lane(shown.group, static_cast<std::size_t>(span.lane));
    const double left = m_layout.axis().pixel(static_cast<double>(span.beginNs) / nsPerMs);
    const double right = m_layout.axis().pixel(static_cast<double>(span.endNs) / nsPerMs);
    return { left, lane.top(), std::max(right - left, 1.0), lane.height() };
}

void TracePainter::paintPin()
{
    m_painter.save();
    m_painter.setClipRect( // arcs rise above
        m_layout.allLanes().adjusted(-3, -9, 3, 3), Qt::IntersectClip);
    if (!m_scene.pinned) {
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setPen(QPen(m_theme.pin, 2));
        for (const ShownSpan& span : m_scene.reading)
            m_painter.drawRect(spanRect(span).adjusted(0, 1, -1, -1));
        return m_painter.restore();
    }
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(m_theme.pin, 3));
    m_painter.drawRect(spanRect(*m_scene.pinned).adjusted(-2, -1.5, 1, 1.5));
    if (m_scene.showsArrows) {
        paintArrows(m_scene.needed, true, *m_scene.pinned);
        paintArrows(m_scene.unblocked, false, *m_scene.pinned);
    }
    m_painter.restore();
}

namespace {

/// How an arrow runs: lines never cross the middle of the lanes they join, where names stand.
struct Arrow
{
    QPainterPath line;
    QPolygonF head;
};

/// Within a lane an arc above it, else from the edge of one to the facing edge of the other.
Arrow arrowBetween(const QRectF& first, const QRectF& second)
{
    constexpr double inside = 14; // of a wide span
    constexpr double rise = 9; // of an arc, at its ends' tangents
    constexpr double headLength = 6;
    constexpr double headHalf = 4;
    const bool sameLane = first.top() == second.top();
    const bool fromAbove = sameLane || first.top() < second.top();
    const double down = fromAbove ? 1 : -1; // the way into the second
    const QPointF from(first.right() - std::min(first.width() / 2, inside),
        sameLane || !fromAbove ? first.top() : first.bottom());
    const QPointF to(second.left() + std::min(second.width() / 2, inside),
        fromAbove ? second.top() : second.bottom());
    Arrow arrow;
    arrow.line.moveTo(from);
    if (sameLane)
        arrow.line.cubicTo(from - QPointF(0, rise), to - QPointF(0, rise), to);
    else
        arrow.line.cubicTo(from + QPointF(0, down * rise), to - QPointF(0, down * rise), to);
    const double back = to.y() - down * (headLength - 2);
    arrow.head << to + QPointF(0, 2 * down) << QPointF(to.x() - headHalf, back)
               << QPointF(to.x() + headHalf, back);
    return arrow;
}

} // namespace

/// From what was needed to what needed it: solid into the pinned span, dashed out of it.
void TracePainter::paintArrows(const std::vector<int>& others, bool toPin, const ShownSpan& pin)
{
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    const QRectF pinned = spanRect(pin);
    QPen pen(m_theme.text, 1.5, toPin ? Qt::SolidLine : Qt::DashLine);
    for (std::size_t i = 0; i < std::min(others.size(), mostArrows); ++i) {
        const QRectF other = spanRect({ pin.group, others[i] });
        const Arrow arrow = toPin ? arrowBetween(other, pinned) : arrowBetween(pinned, other);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setPen(QPen(m_theme.window, 3.5));
        m_painter.drawPath(arrow.line);
        m_painter.setPen(pen);
        m_painter.drawPath(arrow.line);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_theme.text);
        m_painter.drawPolygon(arrow.head);
    }
    m_painter.restore();
}

void TracePainter::paintWalked()
{
    if (!m_scene.walked)
        return;
    m_painter.save();
    m_painter.setClipRect(m_layout.allLanes().adjusted(-3, -3, 3, 3), Qt::IntersectClip);
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(m_theme.text, 2));
    m_painter.drawRect(spanRect(*m_scene.walked).adjusted(0, 1, -1, -1));
    m_painter.restore();
}

/// Grey brackets above and below the group's lanes, and what there was between them.
void TracePainter::paintRange()
{
    if (!m_scene.range)
        return;
    const TraceRange& range = *m_scene.range;
    const QRectF lanes = m_layout.lanes(range.group);
    const double left
        = std::clamp(m_layout.axis().pixel(range.beginMs), m_layout.left(), m_layout.right());
    const double right
        = std::clamp(m_layout.axis().pixel(range.endMs), m_layout.left(), m_layout.right());
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(m_theme.bracket, 2));
    for (const double end : { left, right })
        m_painter.drawLine(QPointF(end, lanes.top() - 3), QPointF(end, lanes.bottom() + 3));
    for (const double y : { lanes.top() - 3, lanes.bottom() + 3 })
        m_painter.drawLine(QPointF(left, y), QPointF(right, y));
    const ShownGroup& shown = m_scene.groups[range.group];
    const LaneTotals totals = shown.group().totals(range.beginMs * nsPerMs, range.endMs * nsPerMs);
    const QRectF bounds(0, 0, m_layout.right(), m_layout.axisTop() + 2 * m_metrics.height());
    const QStringList lines { totalsText(totals, shown.run->request.cores) };
    const QRectF anchor(left, lanes.top() - 4, right - left, lanes.height() + 8);
    paintTip(m_painter, lines, tipPlace(lines, anchor, bounds, m_font), m_theme, m_font);
}

void TracePainter::paintClock()
{
    if (!m_scene.clockMs || m_scene.groups.empty())
        return;
    const double x = m_layout.axis().pixel(*m_scene.clockMs);
    if (x < m_layout.left() - 1 || x > m_layout.right() + 1)
        return;
    m_painter.setPen(QPen(m_theme.text, 1.5));
    for (std::size_t group = 0; group < m_scene.groups.size(); ++group) {
        const QRectF lanes = m_layout.lanes(group);
        m_painter.drawLine(QPointF(x, lanes.top() - 3), QPointF(x, lanes.bottom() + 3));
    }
}

void TracePainter::paintAxis()
{
    m_painter.setPen(m_theme.secondaryText);
    const double begin = m_scene.viewBeginMs;
    const double end = m_scene.viewEndMs;
    const auto ticks = laneTicks(begin, end, mostTicks);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : end - begin;
    // As many decimals as tell two ticks apart.
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
    for (const double ms : ticks) {
        const QString text = tickText(ms, decimals);
        const double width = m_metrics.horizontalAdvance(text) + 2;
        const double x = m_layout.axis().pixel(ms);
        m_painter.drawLine(QPointF(x, m_layout.axisTop() - 2), QPointF(x, m_layout.axisTop() + 1));
        m_painter.drawText(QRectF(x - width / 2, m_layout.axisTop() + 1, width, m_metrics.height()),
            Qt::AlignCenter, text);
    }
}

namespace {

constexpr double tipPadding = 8;

} // namespace

QRectF tipPlace(
    const QStringList& lines, const QRectF& anchor, const QRectF& bounds, const QFont& font)
{
    constexpr double distance = 5;
    const QFontMetricsF metrics(font);
    double width = 0;
    for (const QString& line : lines)
        width = std::max(width, metrics.horizontalAdvance(line));
    width = std::min(std::ceil(width) + 2 * tipPadding, bounds.width());
    const double height = static_cast<double>(lines.size()) * metrics.height() + tipPadding;
    const double x = std::clamp(anchor.center().x() - width / 2, bounds.left(),
        std::max(bounds.left(), bounds.right() - width));
    double y = anchor.bottom() + distance;
    if (y + height > bounds.bottom())
        y = anchor.top() - distance - height;
    y = std::clamp(y, bounds.top(), std::max(bounds.top(), bounds.bottom() - height));
    return { x, y, width, height };
}

void paintTip(QPainter& painter, const QStringList& lines, const QRectF& place, const Theme& theme,
    const QFont& font)
{
    const QFontMetricsF metrics(font);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.tooltip);
    painter.drawRoundedRect(place, 5, 5);
    painter.setPen(theme.tooltipText);
    painter.setFont(font);
    const double width = place.width() - 2 * tipPadding;
    double top = place.top() + tipPadding / 2;
    for (const QString& line : lines) {
        painter.drawText(QRectF(place.left() + tipPadding, top, width, metrics.height()),
            Qt::AlignVCenter, metrics.elidedText(line, Qt::ElideRight, width + 1));
        top += metrics.height();
    }
    painter.restore();
}

} // namespace timestep
