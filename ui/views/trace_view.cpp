// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_view.h"

#include "engine/measurement/critical_path.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"
#include "ui/views/trace_painter.h"
#include "ui/views/trace_statement.h"
#include "ui/views/trace_walk.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollArea>
#include <QStyleHints>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double shortestViewMs = 0.0005; // half a microsecond from edge to edge
constexpr double wheelFactor = 1.25; // a notch
constexpr double keyFactor = 1.5;
constexpr double keyMove = 0.1; // of what is in view

bool moves(const QMouseEvent& event)
{
    return event.button() == Qt::MiddleButton
        || event.modifiers() & (Qt::ShiftModifier | Qt::ControlModifier);
}

} // namespace

TraceView::TraceView(QWidget* parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("What each thread did, measured"));
    measureNames();
    describe();
}

// What is shown

void TraceView::setGroups(std::vector<ShownGroup> groups)
{
    const int least = minimumSizeHint().height();
    const bool pointed = pointedSpan().has_value();
    m_scene.groups = std::move(groups);
    m_scene.pinned.reset();
    m_scene.reading.clear();
    m_scene.walked.reset();
    m_scene.range.reset();
    m_hovered.reset();
    m_hoveredSpan.reset();
    m_drag = Drag::None;
    double end = 0;
    for (const ShownGroup& group : m_scene.groups)
        end = std::max(end, group.endMs());
    m_scene.endMs = end > 0 ? end : 1;
    measureNames();
    if (minimumSizeHint().height() != least)
        updateGeometry();
    showAll();
    describe();
    if (pointed)
        emit pointedChanged();
}

void TraceView::setEmptyText(const QString& text)
{
    if (m_scene.emptyText == text)
        return;
    m_scene.emptyText = text;
    describe();
    update();
}

void TraceView::setClock(std::optional<double> ms)
{
    if (m_scene.clockMs == ms)
        return;
    for (const std::optional<double>& at : { std::exchange(m_scene.clockMs, ms), ms }) {
        if (!at)
            continue;
        const QRectF lanes = m_layout.allLanes();
        const double x = m_layout.axis().pixel(*at);
        if (x > m_layout.left() - 2 && x < m_layout.right() + 2)
            update(QRectF(x - 2, lanes.top() - 4, 4, lanes.height() + 10).toAlignedRect());
    }
}

void TraceView::setReading(std::vector<ShownSpan> spans)
{
    if (m_scene.reading == spans)
        return;
    m_scene.reading = std::move(spans);
    update();
}

void TraceView::setShowsPath(bool shows)
{
    m_scene.showsPath = shows;
    update();
}

void TraceView::setShowsArrows(bool shows)
{
    m_scene.showsArrows = shows;
    update();
}

QString TraceView::rangeText() const
{
    if (!m_scene.range)
        return {};
    const TraceRange& range = *m_scene.range;
    const ShownGroup& shown = m_scene.groups[range.group];
    return totalsText(shown.group().totals(range.beginMs * nsPerMs, range.endMs * nsPerMs),
        shown.run->request.cores);
}

QStringList TraceView::tipLines() const
{
    if (m_drag == Drag::Range || m_drag == Drag::Move || m_scene.groups.empty())
        return {};
    if (m_hovered) {
        const auto moment = m_layout.momentAt(*m_hovered);
        return moment ? momentLines(m_scene.groups[moment->group], *moment, msPerPixel())
                      : QStringList();
    }
    if (m_scene.walked && hasFocus())
        return spanLines(m_scene.groups[m_scene.walked->group], m_scene.walked->span);
    return {};
}

std::optional<ShownSpan> TraceView::pointedSpan() const
{
    return m_hovered ? m_hoveredSpan : m_scene.walked;
}

// Size

void TraceView::measureNames()
{
    const QFontMetricsF letters(smallFont(font()));
    m_metrics = { letters.height(), 0, {} };
    for (const LaneState state : legendStates)
        m_metrics.legendWidths.push_back(letters.horizontalAdvance(stateName(state)) + 2);
    QFont bold = smallFont(font());
    bold.setBold(true);
    m_metrics.nameWidth = QFontMetricsF(bold).horizontalAdvance(modelTitle(ModelKind::Attention));
    for (const ShownGroup& group : m_scene.groups) {
        for (const auto& names : { group.names, group.rows })
            for (const QString& name : names)
                m_metrics.nameWidth
                    = std::max(m_metrics.nameWidth, letters.horizontalAdvance(name));
    }
    layOut();
}

void TraceView::layOut() { m_layout = TraceLayout(m_scene, size(), m_metrics); }

QSize TraceView::sizeHint() const { return minimumSizeHint(); }

QSize TraceView::minimumSizeHint() const
{
    constexpr int widthInLines = 22;
    constexpr int fewestLines = 8;
    const double line = m_metrics.lineHeight;
    const double wide = std::max<double>(width(), widthInLines * line);
    const double row = TraceLayout::lowestNamed(line);
    return { static_cast<int>(widthInLines * line),
        static_cast<int>(std::ceil(
            std::max(fewestLines * line, TraceLayout::heightFor(m_scene, m_metrics, wide, row)))) };
}

void TraceView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layOut();
    if (event->size().width() != event->oldSize().width())
        updateGeometry(); // the legend may take another number of lines
}

void TraceView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        measureNames();
        updateGeometry();
    }
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        update();
}

void TraceView::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    painter.fillRect(event->rect(), theme.window);
    if (m_scene.groups.empty()) {
        painter.setPen(theme.secondaryText);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_scene.emptyText);
        return;
    }
    const QFont letters = smallFont(font());
    TracePainter(painter, m_scene, m_layout, theme, letters).paint(event->rect());
    const QStringList lines = tipLines();
    if (!lines.isEmpty())
        paintTip(painter, lines,
            tipPlace(lines, tipAnchor(), visibleRegion().boundingRect(), letters), theme, letters);
}

QRect TraceView::tipRect() const
{
    const QStringList lines = tipLines();
    if (lines.isEmpty())
        return {};
    return tipPlace(lines, tipAnchor(), visibleRegion().boundingRect(), smallFont(font()))
        .toAlignedRect()
        .adjusted(-1, -1, 1, 1);
}

QRectF TraceView::tipAnchor() const
{
    if (m_hovered) {
        const auto moment = m_layout.momentAt(*m_hovered);
        const QRectF lane = m_layout.lane(moment->group, moment->lane);
        return { m_hovered->x() - 1, lane.top(), 2, lane.height() };
    }
    return walkedPlace();
}

QRectF TraceView::walkedPlace() const
{
    const Span& span = m_scene.span(*m_scene.walked);
    const QRectF lane = m_layout.lane(m_scene.walked->group, static_cast<std::size_t>(span.lane));
    const double middle = 0.5 * static_cast<double>(span.beginNs + span.endNs) / nsPerMs;
    return { m_layout.axis().pixel(middle), lane.top(), 1, lane.height() };
}

// What is in view

void TraceView::zoomTo(double beginMs, double endMs)
{
    const double length
        = std::clamp(endMs - beginMs, std::min(shortestViewMs, m_scene.endMs), m_scene.endMs);
    const double middle = 0.5 * (beginMs + endMs);
    const double begin = std::clamp(middle - length / 2, 0.0, m_scene.endMs - length);
    m_scene.viewBeginMs = begin;
    m_scene.viewEndMs = begin + length;
    layOut();
    update();
    emit viewChanged();
}

void TraceView::showAll() { zoomTo(0, m_scene.endMs); }

void TraceView::zoomAbout(double pixel, double factor)
{
    const double held = m_layout.msAt(std::clamp(pixel, m_layout.left(), m_layout.right()));
    const double length = m_scene.viewEndMs - m_scene.viewBeginMs;
    const double shortest = std::min(shortestViewMs, m_scene.endMs);
    const double wanted = std::clamp(length / factor, shortest, m_scene.endMs);
    const double share = (held - m_scene.viewBeginMs) / length;
    zoomTo(held - share * wanted, held + (1 - share) * wanted);
}

void TraceView::moveBy(double ms)
{
    const double length = m_scene.viewEndMs - m_scene.viewBeginMs;
    const double begin = std::clamp(m_scene.viewBeginMs + ms, 0.0, m_scene.endMs - length);
    zoomTo(begin, begin + length);
}

void TraceView::wheelEvent(QWheelEvent* event)
{
    const QPointF turned = event->angleDelta();
    if (m_scene.groups.empty() || event->position().x() < m_layout.left())
        return event->ignore(); // beside the lanes the page scrolls
    const double length = m_scene.viewEndMs - m_scene.viewBeginMs;
    if (event->modifiers().testFlag(Qt::ShiftModifier) || turned.x() != 0)
        moveBy(-keyMove * length * (turned.x() != 0 ? turned.x() : turned.y()) / 120);
    else
        zoomAbout(event->position().x(), std::pow(wheelFactor, turned.y() / 120));
    hover(event->position());
    event->accept();
}

// The mouse

void TraceView::mousePressEvent(QMouseEvent* event)
{
    const bool known = event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton;
    if (!known || m_scene.groups.empty())
        return event->ignore();
    m_pressed = event->position();
    m_pressedMs
        = m_layout.msAt(std::clamp(event->position().x(), m_layout.left(), m_layout.right()));
    m_drag = moves(*event) ? Drag::Move : Drag::Pressed;
    if (m_drag == Drag::Move)
        setCursor(Qt::ClosedHandCursor);
}

void TraceView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF place = event->position();
    if (m_drag == Drag::Pressed
        && (place - m_pressed).manhattanLength() >= QApplication::startDragDistance()) {
        if (const auto group = m_layout.groupAt(m_pressed.y())) {
            m_drag = Drag::Range;
            m_scene.range = TraceRange { *group, m_pressedMs, m_pressedMs };
        }
    }
    if (m_drag == Drag::Range)
        return dragRange(place.x());
    if (m_drag == Drag::Move)
        return moveBy(m_pressedMs - m_layout.msAt(place.x()));
    hover(place);
}

void TraceView::dragRange(double pixel)
{
    const double ms = m_layout.msAt(std::clamp(pixel, m_layout.left(), m_layout.right()));
    const double end = m_scene.groups[m_scene.range->group].endMs();
    m_scene.range->beginMs = std::min({ m_pressedMs, ms, end });
    m_scene.range->endMs = std::min(std::max(m_pressedMs, ms), end);
    describe();
    update();
}

void TraceView::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    unsetCursor();
    if (drag == Drag::Range && m_scene.range->endMs <= m_scene.range->beginMs)
        m_scene.range.reset(); // all of it lay behind the end of the group
    if (drag == Drag::Pressed && event->button() == Qt::LeftButton) {
        if (const auto span = spanAt(event->position()))
            pin(*span);
        else
            m_scene.range.reset();
    }
    // What a range was dragged for is its totals.
    hover(drag == Drag::Range ? std::nullopt : std::optional(event->position()));
    describe();
    update();
}

/// Of several in the pixel the first.
std::optional<ShownSpan> TraceView::spanAt(QPointF place) const
{
    const auto moment = m_layout.momentAt(place);
    if (!moment)
        return std::nullopt;
    const LaneTimeline& lane = m_scene.groups[moment->group].group().lanes[moment->lane];
    const auto intervals = lane.intervals();
    const double begin = moment->ms * nsPerMs;
    const double end = begin + msPerPixel() * nsPerMs;
    for (std::size_t i = lane.firstEndingAfter(begin); i < intervals.size(); ++i) {
        if (static_cast<double>(intervals[i].beginNs) > end)
            break;
        if (intervals[i].state == LaneState::Work)
            return ShownSpan { moment->group, intervals[i].span };
        if (static_cast<double>(intervals[i].endNs) > end)
            break;
    }
    return std::nullopt;
}

void TraceView::hover(std::optional<QPointF> place)
{
    if (place == m_hovered)
        return;
    const auto before = pointedSpan();
    update(tipRect());
    m_hovered = place;
    m_hoveredSpan = place ? spanAt(*place) : std::nullopt;
    update(tipRect());
    if (pointedSpan() != before)
        emit pointedChanged();
}

void TraceView::leaveEvent(QEvent* event)
{
    hover(std::nullopt);
    QWidget::leaveEvent(event);
}

// Pin and cursor

void TraceView::pin(const ShownSpan& span)
{
    const TracedGroup& group = m_scene.groups[span.group].group();
    m_scene.pinned = span;
    m_scene.needed = neededSpans(group.plan, group.trace, group.spanOfOperation, span.span);
    m_scene.unblocked = unblockedSpans(group.plan, group.trace, group.spanOfOperation, span.span);
    update();
    emit spanPinned(span);
}

void TraceView::pinPointed()
{
    if (const auto span = pointedSpan())
        pin(*span);
}

void TraceView::unpin()
{
    if (!m_scene.pinned)
        return;
    m_scene.pinned.reset();
    update();
}

void TraceView::clearPointing()
{
    const auto before = pointedSpan();
    m_scene.pinned.reset();
    m_scene.walked.reset();
    m_scene.range.reset();
    describe();
    update();
    if (pointedSpan() != before)
        emit pointedChanged();
}

void TraceView::keyPressEvent(QKeyEvent* event)
{
    if (m_scene.groups.empty())
        return event->ignore();
    const double length = m_scene.viewEndMs - m_scene.viewBeginMs;
    const double middle = 0.5 * (m_layout.left() + m_layout.right());
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (!shift)
            break;
        return moveBy((event->key() == Qt::Key_Left ? -keyMove : keyMove) * length);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomAbout(m_scene.walked ? walkedPlace().x() : middle, keyFactor);
    case Qt::Key_Minus:
        return zoomAbout(m_scene.walked ? walkedPlace().x() : middle, 1 / keyFactor);
    case Qt::Key_0:
        return showAll();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_scene.walked || event->modifiers().testFlag(Qt::ControlModifier))
            return event->ignore();
        return pin(*m_scene.walked);
    case Qt::Key_Escape:
        if (!m_scene.range)
            return event->ignore();
        m_scene.range.reset();
        describe();
        return update();
    default:
        break;
    }
    constexpr int toTheEnd = 1 << 30;
    if (const auto walked = cellWalkOf(*event, toTheEnd, RowEnds::ControlHomeEnd))
        return walk(*walked);
    event->ignore();
}

/// The first key shows where the walk begins: at the pinned span, or at the first in view.
void TraceView::walk(const CellWalk& by)
{
    if (m_scene.walked)
        return walkTo(walkedSpan(m_scene, *m_scene.walked, by));
    const auto first = m_scene.pinned ? m_scene.pinned : firstSpan(m_scene, m_scene.viewBeginMs);
    if (first)
        walkTo(*first);
}

void TraceView::walkTo(const ShownSpan& span)
{
    m_hovered.reset();
    m_hoveredSpan.reset();
    m_scene.walked = span;
    const Span& to = m_scene.span(span);
    const double begin = static_cast<double>(to.beginNs) / nsPerMs;
    const double end = static_cast<double>(to.endNs) / nsPerMs;
    if (begin < m_scene.viewBeginMs || end - begin > m_scene.viewEndMs - m_scene.viewBeginMs)
        moveBy(begin - m_scene.viewBeginMs);
    else if (end > m_scene.viewEndMs)
        moveBy(end - m_scene.viewEndMs);
    for (QWidget* above = parentWidget(); above; above = above->parentWidget()) {
        if (auto* scroll = qobject_cast<QScrollArea*>(above)) {
            const QPoint place = mapTo(scroll->widget(), walkedPlace().center().toPoint());
            scroll->ensureVisible(place.x(), place.y());
            break;
        }
    }
    describe();
    update();
    emit pointedChanged();
}

void TraceView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void TraceView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

void TraceView::describe()
{
    QStringList lines;
    if (m_scene.walked)
        lines = spanLines(m_scene.groups[m_scene.walked->group], m_scene.walked->span);
    else
        lines << pictureDescription(m_scene)
              << tr("Arrow keys walk from span to span and from thread to thread, Ctrl+Home and "
                    "Ctrl+End to the first and the last, Enter pins, plus and minus zoom, 0 shows "
                    "all.");
    if (m_scene.range)
        lines << rangeText();
    const QString text = lines.join(QLatin1Char('\n'));
    if (accessibleDescription() != text)
        setAccessibleDescription(text);
}

} // namespace timestep

#include "moc_trace_view.cpp"
