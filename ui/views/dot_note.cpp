// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/dot_note.h"

#include "ui/views/theme.h"

#include <QPainter>
#include <QPen>

#include <algorithm>

namespace timestep {

namespace {

constexpr int Padding = 8;
constexpr int Distance = 10; // pixels from the dot

} // namespace

DotNote::DotNote(QWidget& owner)
    : QLabel(owner.window())
    , m_owner(owner)
{
    setObjectName(QStringLiteral("dotNote"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    setTextFormat(Qt::PlainText);
    setContentsMargins(Padding, Padding / 2, Padding, Padding / 2);
    hide();
}

void DotNote::showAt(const QPoint& place, const QString& text, bool pinned)
{
    QWidget* window = m_owner.window();
    if (parentWidget() != window)
        setParent(window);
    m_pinned = pinned;
    QPalette colors = m_owner.palette();
    colors.setColor(QPalette::WindowText, Theme::of(colors).tooltipText);
    setPalette(colors);
    setFont(m_owner.font());
    setWordWrap(false);
    setText(text);
    QSize size = sizeHint();
    if (size.width() > window->width()) {
        setWordWrap(true);
        size = { window->width(), heightForWidth(window->width()) };
    }
    const QPoint dot = m_owner.mapTo(window, place);
    const QSize room = window->size();
    const int x
        = std::clamp(dot.x() - size.width() / 2, 0, std::max(0, room.width() - size.width()));
    const int above = dot.y() - Distance - size.height();
    const int below = std::min(dot.y() + Distance, room.height() - size.height());
    setGeometry(QRect(QPoint(x, above >= 0 ? above : below), size));
    show();
    raise();
    update();
}

void DotNote::paintEvent(QPaintEvent* event)
{
    const Theme& theme = Theme::of(m_owner.palette());
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(theme.tooltip);
        painter.setPen(m_pinned ? QPen(theme.pin, 2) : QPen(Qt::NoPen));
        constexpr int Corner = 5;
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), Corner, Corner);
    }
    QLabel::paintEvent(event);
}

} // namespace timestep

#include "moc_dot_note.cpp"
