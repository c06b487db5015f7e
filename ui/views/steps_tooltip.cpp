// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_tooltip.h"

#include "ui/views/theme.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPen>

#include <algorithm>

namespace timestep {

namespace {

constexpr int padding = 10;
constexpr int sample = 18; // pixels of a line in front of its words
constexpr int distance = 6; // from the cell

} // namespace

StepsTooltip::StepsTooltip(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

QSize StepsTooltip::sizeFor(const StepsStatement& statement) const
{
    const QFontMetrics metrics(font());
    int width = metrics.horizontalAdvance(statement.state);
    int lines = 1;
    for (const QString& line : { statement.needs, statement.unblocks }) {
        if (line.isEmpty())
            continue;
        width = std::max(width, sample + 8 + metrics.horizontalAdvance(line));
        ++lines;
    }
    const QSize room = parentWidget()->size();
    return { std::min(width + 2 * padding, room.width()),
        lines * metrics.lineSpacing() + padding + (lines - 1) * 3 };
}

void StepsTooltip::showAt(const QRect& cell, const StepsStatement& statement)
{
    m_statement = statement;
    QSize size = sizeFor(statement);
    // Numbers that count down must not make it shrink and grow under the eye.
    if (isVisible() && size.width() <= width() && width() - size.width() < 2 * padding)
        size.setWidth(width());
    const QSize room = parentWidget()->size();
    const int x = cell.center().x() - size.width() / 2;
    int y = cell.bottom() + 1 + distance;
    if (y + size.height() > room.height())
        y = cell.top() - distance - size.height();
    setGeometry(std::clamp(x, 0, std::max(0, room.width() - size.width())), std::max(0, y),
        size.width(), size.height());
    show();
    raise();
    update();
}

void StepsTooltip::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.tooltip);
    painter.drawRoundedRect(rect(), 5, 5);
    const QFontMetrics metrics(font());
    int top = padding / 2;
    const auto line = [&](const QString& text, Qt::PenStyle style) {
        if (text.isEmpty())
            return;
        int left = padding;
        if (style != Qt::NoPen) {
            painter.setPen(QPen(theme.tooltipText, 2, style, Qt::FlatCap));
            const int middle = top + metrics.lineSpacing() / 2;
            painter.drawLine(left, middle, left + sample, middle);
            left += sample + 8;
        }
        painter.setPen(theme.tooltipText);
        painter.drawText(QRect(left, top, width() - left, metrics.lineSpacing()),
            Qt::AlignVCenter | Qt::AlignLeft,
            metrics.elidedText(text, Qt::ElideRight, width() - left - padding / 2));
        top += metrics.lineSpacing() + 3;
    };
    line(m_statement.state, Qt::NoPen);
    line(m_statement.needs, Qt::SolidLine);
    line(m_statement.unblocks, Qt::DashLine);
}

} // namespace timestep
