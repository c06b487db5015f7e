// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_bars_view.h"

#include "ui/views/fonts.h"
#include "ui/views/lstm_painter.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <utility>

namespace timestep {

TokenBarsView::TokenBarsView(TokenView& view, QWidget* parent)
    : QWidget(parent)
    , m_view(view)
    , m_gestures(view)
{
    setMouseTracking(true);
    connect(&view, &TokenView::axisChanged, this, qOverload<>(&QWidget::update));
    connect(&view, &TokenView::spanChanged, this, qOverload<>(&QWidget::update));
}

void TokenBarsView::setBars(TokenBars bars)
{
    m_bars = std::move(bars);
    update();
}

void TokenBarsView::setTooltips(std::function<QString(int)> tooltips)
{
    m_tooltips = std::move(tooltips);
}

void TokenBarsView::setColumns(int left, int width)
{
    m_left = left;
    m_width = width;
    update();
}

void TokenBarsView::setPinnedStep(std::optional<int> step)
{
    if (std::exchange(m_pinned, step) != step)
        update();
}

void TokenBarsView::setHoveredStep(std::optional<int> step)
{
    if (std::exchange(m_hovered, step) != step)
        update();
}

TokenBarsLayout TokenBarsView::layoutNow() const
{
    return TokenBarsLayout::of(
        size(), m_left, m_width, m_bars, QFontMetrics(smallFont(font())).height());
}

void TokenBarsView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    const TokenBarsLayout parts = layoutNow();
    paintTokenBars(painter, m_bars, parts, columns(), theme, smallFont(font()));
    if (!m_bars.emptyText.isEmpty())
        return;
    if (const auto& span = m_view.span()) {
        const IndexRange pixels = columns().pixelsOf(*span);
        if (pixels.count() > 0)
            paintBrackets(painter, pixels, parts.bars.top(), parts.bars.bottom(), theme.bracket);
    }
    if (m_hovered)
        paintStep(painter, *m_hovered, theme.bracket, 1);
    if (m_pinned)
        paintStep(painter, *m_pinned, theme.pin, 3);
}

void TokenBarsView::paintStep(QPainter& painter, int step, const QColor& color, int thickness) const
{
    const IndexRange pixels = columns().pixelsOf(step);
    if (pixels.count() == 0)
        return;
    const QRect bars = layoutNow().bars;
    const int line = pixels.count() < 12 ? std::min(thickness, 2) : thickness;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(color, line, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRect(pixels.begin, bars.top(), pixels.count(), bars.height())
                         .adjusted(line > 1 ? -1 : -2, 0, 1, 0));
}

void TokenBarsView::mousePressEvent(QMouseEvent* event)
{
    m_gestures.press(*event, columns(), event->position().y() > layoutNow().bars.bottom());
}

void TokenBarsView::mouseMoveEvent(QMouseEvent* event)
{
    m_gestures.move(*event, columns());
    const auto step = columns().tokenAt(event->position().x());
    emit stepHovered(step);
    const QString text = step && m_tooltips ? m_tooltips(*step) : QString();
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void TokenBarsView::mouseReleaseEvent(QMouseEvent* event)
{
    const auto step = columns().tokenAt(event->position().x());
    if (m_gestures.release() && step)
        emit stepPinned(*step);
}

void TokenBarsView::wheelEvent(QWheelEvent* event)
{
    m_gestures.wheel(*event, columns());
    event->accept();
}

void TokenBarsView::leaveEvent(QEvent*)
{
    QToolTip::hideText();
    emit stepHovered(std::nullopt);
}

void TokenBarsView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        update();
    QWidget::changeEvent(event);
}

} // namespace timestep

#include "moc_token_bars_view.cpp"
