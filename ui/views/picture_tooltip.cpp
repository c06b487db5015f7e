// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/picture_tooltip.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace timestep {

void paintTooltip(
    QPainter& painter, const PictureTooltip& tooltip, const Theme& theme, const QFont& font)
{
    const QFontMetrics metrics(font);
    const QSize detail = metrics.size(0, tooltip.detail);
    const int width = 24 + std::max(metrics.horizontalAdvance(tooltip.text), detail.width());
    QRect box(
        tooltip.target.right() - width / 3, 0, width, metrics.height() + detail.height() + 18);
    box.moveBottom(tooltip.row.top() - 8);
    if (box.top() < tooltip.area.top())
        box.moveTop(tooltip.row.bottom() + 8);
    box.moveLeft(std::clamp(box.left(), tooltip.area.left(),
        std::max(tooltip.area.left(), tooltip.area.right() - width)));

    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.tooltip);
    painter.drawRoundedRect(box, 5, 5);
    painter.setFont(font);
    painter.setPen(theme.tooltipText);
    const QRect inner = box.adjusted(12, 7, -12, -7);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignTop, tooltip.text);
    painter.setOpacity(0.8);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom, tooltip.detail);
    painter.setOpacity(1);
}

} // namespace timestep
