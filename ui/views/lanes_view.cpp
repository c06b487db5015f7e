// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lanes_view.h"

#include "ui/views/fonts.h"
#include "ui/views/lanes_painter.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

LanesView::LanesView(LaneLooks looks, QWidget* parent)
    : QWidget(parent)
    , m_looks(std::move(looks))
{
}

void LanesView::setPicture(LanesPicture picture)
{
    const int least = minimumSizeHint().height();
    m_picture = std::move(picture);
    double longest = 0;
    for (const LaneGroup& group : m_picture.groups)
        longest = std::max(longest, group.duration);
    m_axisEnd = laneAxisEnd(longest, m_axisEnd);
    if (minimumSizeHint().height() != least)
        updateGeometry();
    update();
}

LaneMetrics LanesView::metrics() const
{
    const QFontMetricsF letters(smallFont(font()));
    LaneMetrics metrics { letters.height(), letters.horizontalAdvance(tr("Attention")) + 4, {} };
    for (const LaneLegendEntry& entry : m_picture.legend)
        metrics.legendWidths.push_back(letters.horizontalAdvance(entry.name) + 2);
    for (const LaneGroup& group : m_picture.groups)
        for (const LaneRow& row : group.rows)
            metrics.nameWidth = std::max(metrics.nameWidth,
                letters.horizontalAdvance(row.name) + 10 + letters.horizontalAdvance(row.detail));
    return metrics;
}

LanesLayout LanesView::layoutNow() const { return { m_picture, size(), metrics(), m_axisEnd }; }

QSize LanesView::sizeHint() const { return minimumSizeHint(); }

/// Of few lanes, all have room for their names; of many, as long as the picture stays low.
QSize LanesView::minimumSizeHint() const
{
    constexpr int fewestLines = 8;
    constexpr int mostLines = 14;
    constexpr int widthInLines = 22;
    const LaneMetrics letters = metrics();
    const double line = letters.lineHeight;
    const double wide = std::max<double>(width(), widthInLines * line);
    const double comfortable = LanesLayout::heightFor(m_picture, letters, wide, line);
    const double least = LanesLayout::heightFor(m_picture, letters, wide, 0);
    return { static_cast<int>(widthInLines * line),
        static_cast<int>(std::ceil(
            std::max({ fewestLines * line, std::min(comfortable, mostLines * line), least }))) };
}

void LanesView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme& theme = Theme::of(palette());
    painter.fillRect(rect(), theme.window);
    if (m_picture.groups.empty()) {
        painter.setPen(theme.secondaryText);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_picture.emptyText);
        return;
    }
    const LanesLayout layout = layoutNow();
    LanesPainter(painter, m_picture, layout, m_looks, theme, smallFont(font())).paint();
}

QString LanesView::textAt(QPointF position) const
{
    const LanesLayout layout = layoutNow();
    for (std::size_t g = 0; g < m_picture.groups.size(); ++g) {
        for (std::size_t r = 0; r < m_picture.groups[g].rows.size(); ++r) {
            if (!layout.lane(g, r).contains(position))
                continue;
            const LaneRow& row = m_picture.groups[g].rows[r];
            for (const LaneRun& run : laneRuns(row.spans, layout.axis())) {
                if (position.x() < run.left || position.x() >= run.right)
                    continue;
                const QString text = row.spans[static_cast<std::size_t>(run.first)].detail;
                return run.count == 1 ? text
                                      : tr("%1\nand %2 more, too short to be drawn each")
                                            .arg(text)
                                            .arg(run.count - 1);
            }
            return tr("%1: nothing to do").arg(row.name);
        }
    }
    return {};
}

bool LanesView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = m_picture.groups.empty() ? QString() : textAt(help->pos());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this);
    return true;
}

void LanesView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        updateGeometry(); // the legend may take another number of lines
}

void LanesView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        update();
}

} // namespace timestep

#include "moc_lanes_view.cpp"
