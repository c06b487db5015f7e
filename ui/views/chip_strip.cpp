// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/chip_strip.h"

#include "ui/models/number_text.h"
#include "ui/models/token_label.h"
#include "ui/session/session.h"
#include "ui/views/cell_walk.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QKeyEvent>
#include <QLinearGradient>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double gap = 4;
constexpr double sideMargin = 2; // room for the pin's outline at the ends
constexpr double bracketWidth = 7;
constexpr double edgeWidth = 28; // where chips fade that go on outside
constexpr double barHeight = 3;
constexpr int mostLabelLetters = 24;

} // namespace

ChipStrip::ChipStrip(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Tokens"));
    connect(&session, &Session::tokensChanged, this, &ChipStrip::takeTokens);
    connect(&session, &Session::settingsChanged, this, qOverload<>(&QWidget::update));
    connect(&session, &Session::textExtended, this, [this] { m_followsEnd = true; });
    connect(&session.selection(), &Selection::changed, this, &ChipStrip::takeSelection);
    takeTokens();
}

QSize ChipStrip::sizeHint() const
{
    return { 400, QFontMetrics(monospaceFont(font())).height() + 24 };
}

QSize ChipStrip::minimumSizeHint() const { return { 80, sizeHint().height() }; }

QRect ChipStrip::chipRect(int token) const
{
    for (const Chip& chip : visibleChips()) {
        if (chip.token == token)
            return chip.rect.toRect();
    }
    return {};
}

ChipStrip::Chip ChipStrip::chipAt(int token, double left) const
{
    const QFontMetricsF metrics(monospaceFont(font()));
    QString label = tokenLabel(m_tokenized->bytes(token));
    if (label.size() > mostLabelLetters)
        label = label.left(mostLabelLetters - 1) + u'…';
    const double height = metrics.height() + 9;
    const double width = std::ceil(metrics.horizontalAdvance(label)) + 16;
    // Room for the brackets around what is in use.
    const IndexRange& window = m_tokenized->window;
    if (window.count() < m_tokenized->count() && (token == window.begin || token == window.end))
        left += bracketWidth + gap;
    return { token, QRectF(left, std::round((this->height() - height) / 2), width, height), label };
}

std::vector<ChipStrip::Chip> ChipStrip::visibleChips() const
{
    std::vector<Chip> chips;
    if (!m_tokenized)
        return chips;
    double left = sideMargin - m_offset;
    for (int token = m_first; token < m_tokenized->count() && left < width(); ++token) {
        chips.push_back(chipAt(token, left));
        left = chips.back().rect.right() + gap;
    }
    return chips;
}

std::optional<int> ChipStrip::tokenAt(QPointF position) const
{
    for (const Chip& chip : visibleChips()) {
        if (chip.rect.adjusted(-gap / 2, 0, gap / 2, 0).contains(position))
            return chip.token;
    }
    return std::nullopt;
}

void ChipStrip::takeTokens()
{
    m_tokenized = m_session.tokenized();
    m_first = std::clamp(m_first, 0, m_tokenized ? std::max(0, m_tokenized->count() - 1) : 0);
    keepFilled();
    if (std::exchange(m_followsEnd, false) && m_tokenized && m_tokenized->count() > 0)
        bringIntoView(m_tokenized->count() - 1);
    takeSelection();
}

void ChipStrip::takeSelection()
{
    const std::optional<int> pinned = m_session.selection().pinnedToken();
    if (pinned && pinned != m_shownPin && m_tokenized && *pinned < m_tokenized->count())
        bringIntoView(*pinned);
    m_shownPin = pinned;
    setAccessibleDescription(pinned && m_tokenized && *pinned < m_tokenized->count()
            ? tr("token %1 of %2 is pinned: %3")
                  .arg(countNumber(*pinned + 1))
                  .arg(countNumber(m_tokenized->count()))
                  .arg(tokenLabel(m_tokenized->bytes(*pinned)))
            : tr("Arrow keys walk from token to token"));
    update();
}

/// Scrolls no more than it takes for the whole chip to be seen, clear of the faded edges.
void ChipStrip::bringIntoView(int token)
{
    if (token < m_first || (token == m_first && m_offset > 0)) {
        m_first = std::max(0, token - 1);
        m_offset = 0;
    }
    const double room = width() - edgeWidth;
    // More chips never fit between the first visible one and the token than there are pixels.
    m_first = std::max(m_first, token - width());
    double right = sideMargin - m_offset;
    for (int i = m_first; i <= token; ++i)
        right = chipAt(i, right).rect.right() + gap;
    if (right > room)
        scrollBy(right - room);
}

void ChipStrip::scrollBy(double pixels)
{
    if (!m_tokenized || m_tokenized->count() == 0)
        return;
    m_offset += pixels;
    const auto advance = [this](int token) { return chipAt(token, 0).rect.right() + gap; };
    while (m_offset < 0 && m_first > 0)
        m_offset += advance(--m_first);
    m_offset = std::max(0.0, m_offset);
    while (m_first + 1 < m_tokenized->count() && m_offset >= advance(m_first))
        m_offset -= advance(m_first++);
    keepFilled();
    update();
}

/// The last chip never leaves the right edge while there are chips to the left.
void ChipStrip::keepFilled()
{
    if (!m_tokenized || m_tokenized->count() == 0) {
        m_first = 0;
        m_offset = 0;
        return;
    }
    const auto chips = visibleChips();
    if (chips.empty() || chips.back().token + 1 < m_tokenized->count())
        return;
    double slack = width() - sideMargin - chips.back().rect.right();
    while (slack > 0 && (m_offset > 0 || m_first > 0)) {
        if (m_offset == 0)
            m_offset += chipAt(--m_first, 0).rect.right() + gap;
        const double taken = std::min(slack, m_offset);
        m_offset -= taken;
        slack -= taken;
    }
}

bool ChipStrip::overflows() const
{
    const auto chips = visibleChips();
    return !chips.empty()
        && (m_first > 0 || m_offset > 0 || chips.back().token + 1 < m_tokenized->count()
            || chips.back().rect.right() > width());
}

bool ChipStrip::inUse(int token) const { return m_tokenized->window.contains(token); }

void ChipStrip::pin(int token)
{
    if (!inUse(token)) {
        // A picture can show only what the models read: the window moves to the token.
        Settings settings = m_session.settings();
        settings.windowBegin = std::max(0, token - m_tokenized->window.count() / 2);
        m_session.setSettings(settings);
    }
    m_session.selection().pinToken(token);
}

void ChipStrip::walk(int step)
{
    const auto pinned = m_session.selection().pinnedToken();
    const int from = pinned ? *pinned
        : step > 0          ? m_tokenized->window.begin - 1
                            : m_tokenized->window.end;
    pin(std::clamp(from + step, 0, m_tokenized->count() - 1));
}

void ChipStrip::keyPressEvent(QKeyEvent* event)
{
    const int count = m_tokenized ? m_tokenized->count() : 0;
    const auto by = cellWalkOf(*event, count, RowEnds::ControlHomeEnd);
    if (by && by->columns != 0 && count > 0)
        walk(by->columns);
    else
        QWidget::keyPressEvent(event);
}

void ChipStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (overflows() && event->position().y() >= height() - 2 * barHeight) {
        m_draggingBar = true;
        mouseMoveEvent(event);
    } else if (const auto token = tokenAt(event->position())) {
        if (m_session.selection().pinnedToken() == token)
            m_session.selection().pinToken(std::nullopt);
        else
            pin(*token);
    }
}

void ChipStrip::mouseMoveEvent(QMouseEvent* event)
{
    m_draggingBar = m_draggingBar && event->buttons() & Qt::LeftButton;
    if (m_draggingBar) {
        const double share = event->position().x() / std::max(1, width());
        m_first = std::clamp(
            static_cast<int>(share * m_tokenized->count()), 0, m_tokenized->count() - 1);
        m_offset = 0;
        keepFilled();
        update();
        return;
    }
    const auto token = tokenAt(event->position());
    m_session.selection().hoverToken(token && inUse(*token) ? token : std::nullopt);
}

void ChipStrip::leaveEvent(QEvent* event)
{
    m_session.selection().hoverToken(std::nullopt);
    QWidget::leaveEvent(event);
}

void ChipStrip::wheelEvent(QWheelEvent* event)
{
    const QPoint angle = event->angleDelta();
    scrollBy(-(angle.x() != 0 ? angle.x() : angle.y()));
    event->accept();
}

void ChipStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    keepFilled();
}

void ChipStrip::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

void ChipStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(monospaceFont(font()));
    const auto chips = visibleChips();
    for (const Chip& chip : chips) {
        paintChip(painter, chip);
        const IndexRange& window = m_tokenized->window;
        if (window.count() == m_tokenized->count())
            continue;
        if (chip.token == window.begin)
            paintBracket(painter, chip.rect.left() - gap - bracketWidth, true);
        if (chip.token + 1 == window.end)
            paintBracket(painter, chip.rect.right() + gap, false);
    }
    if (overflows()) {
        paintEdges(painter);
        paintScrollBar(painter);
    }
}

void ChipStrip::paintChip(QPainter& painter, const Chip& chip) const
{
    const Theme& theme = Theme::of(palette());
    const Selection& selection = m_session.selection();
    const bool pinned = selection.pins(chip.token);
    const bool hovered = selection.hoveredToken() == chip.token;
    const QRectF outline = chip.rect.adjusted(0.5, 0.5, -0.5, -0.5);
    if (inUse(chip.token)) {
        painter.setPen(QPen(hovered ? theme.secondaryText : theme.border, 1));
        painter.setBrush(theme.field);
    } else {
        QPen pen(theme.border, 1, Qt::CustomDashLine);
        pen.setDashPattern({ 3, 3 });
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
    }
    painter.drawRoundedRect(outline, 4, 4);
    if (pinned) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.pin, 2));
        painter.drawRoundedRect(chip.rect.adjusted(-0.5, -0.5, 0.5, 0.5), 5, 5);
        if (hasFocus() && selection.pinnedToken() == chip.token) {
            painter.setPen(QPen(theme.text, 1, Qt::DotLine));
            painter.drawRoundedRect(chip.rect.adjusted(2.5, 2.5, -2.5, -2.5), 3, 3);
        }
    }
    painter.setPen(inUse(chip.token) ? theme.text : theme.secondaryText);
    painter.drawText(chip.rect, Qt::AlignCenter | Qt::TextSingleLine, chip.label);
}

void ChipStrip::paintBracket(QPainter& painter, double x, bool opens) const
{
    const double top = height() / 2.0 - 14, bottom = height() / 2.0 + 14;
    const double spine = opens ? x + 1 : x + bracketWidth - 1;
    const double tip = opens ? x + bracketWidth : x;
    painter.setPen(QPen(Theme::of(palette()).bracket, 2));
    painter.drawPolyline(
        QPolygonF({ { tip, top }, { spine, top }, { spine, bottom }, { tip, bottom } }));
}

/// Chips that go on outside fade out, so that nobody takes the edge for the end.
void ChipStrip::paintEdges(QPainter& painter) const
{
    const QColor solid = Theme::of(palette()).panel;
    QColor clear = solid;
    clear.setAlpha(0);
    const auto fade = [&](double from, double to) {
        QLinearGradient gradient(from, 0, to, 0);
        gradient.setColorAt(0, solid);
        gradient.setColorAt(1, clear);
        painter.fillRect(QRectF(std::min(from, to), 0, edgeWidth, height()), gradient);
    };
    const auto chips = visibleChips();
    if (m_first > 0 || m_offset > 0)
        fade(0, edgeWidth);
    if (chips.back().token + 1 < m_tokenized->count() || chips.back().rect.right() > width())
        fade(width(), width() - edgeWidth);
}

QRectF ChipStrip::scrollBarRect() const
{
    const auto visible = static_cast<double>(visibleChips().size());
    const double count = m_tokenized->count();
    const double length = std::clamp(width() * visible / count, 24.0, 1.0 * width());
    const double last = std::max(1.0, count - visible);
    const double left = (width() - length) * std::min(1.0, m_first / last);
    return { left, height() - barHeight - 1, length, barHeight };
}

void ChipStrip::paintScrollBar(QPainter& painter) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(
        m_draggingBar ? Theme::of(palette()).secondaryText : Theme::of(palette()).border);
    painter.drawRoundedRect(scrollBarRect(), barHeight / 2, barHeight / 2);
}

} // namespace timestep

#include "moc_chip_strip.cpp"
