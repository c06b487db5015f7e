// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lanes_painter.h"

#include "ui/models/number_text.h"
#include "ui/views/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace timestep {

namespace {

struct Lanes
{
    Q_DECLARE_TR_FUNCTIONS(Lanes)
};

constexpr double besideText = 5; // pixels between a label and the edges of what it is in
constexpr double thinShare = 0.6; // of the lane's height: runs of what is too thin to be drawn
constexpr int mostTicks = 8;

QString tickText(double ms) { return Lanes::tr("%1 ms").arg(numberLocale().toString(ms, 'g', 3)); }

} // namespace

LanesPainter::LanesPainter(QPainter& painter, const LanesPicture& picture,
    const LanesLayout& layout, const LaneLooks& looks, const Theme& theme, const QFont& font)
    : m_painter(painter)
    , m_picture(picture)
    , m_layout(layout)
    , m_looks(looks)
    , m_theme(theme)
    , m_font(font)
{
}

void LanesPainter::paint()
{
    m_painter.setFont(m_font);
    paintLegend();
    for (std::size_t group = 0; group < m_picture.groups.size(); ++group)
        paintGroup(group);
    paintAxis();
}

void LanesPainter::fill(const QRectF& area, const LaneLook& look)
{
    m_painter.fillRect(area, look.fill);
    if (look.hatch == Qt::NoBrush)
        return;
    m_painter.setBrushOrigin(area.topLeft());
    m_painter.fillRect(area, QBrush(look.ink, look.hatch));
}

/// Each kind of work in the colours of both models.
void LanesPainter::paintLegend()
{
    m_painter.setPen(m_theme.secondaryText);
    for (std::size_t entry = 0; entry < m_picture.legend.size(); ++entry) {
        const QRectF place = m_layout.legend(entry);
        const int style = m_picture.legend[entry].style;
        const QRectF half(
            place.left(), place.top() + 3, LanesLayout::swatchWidth / 2, place.height() - 6);
        fill(half, m_looks(style, ModelKind::Lstm, m_theme));
        fill(half.translated(half.width(), 0), m_looks(style, ModelKind::Attention, m_theme));
        m_painter.drawText(
            place.adjusted(LanesLayout::swatchWidth + LanesLayout::besideSwatch, 0, 2, 0),
            Qt::AlignVCenter, m_picture.legend[entry].name);
    }
}

void LanesPainter::paintGroup(std::size_t index)
{
    const LaneGroup& group = m_picture.groups[index];
    const Theme::ModelColors& colors
        = group.kind == ModelKind::Lstm ? m_theme.lstm : m_theme.attention;
    const QRectF title = m_layout.title(index);
    QFont bold = m_font;
    bold.setBold(true);
    m_painter.setFont(bold);
    m_painter.setPen(colors.text);
    m_painter.drawText(title, Qt::AlignVCenter, group.title);
    m_painter.setFont(m_font);
    m_painter.setPen(m_theme.secondaryText);
    const QFontMetricsF metrics(m_font);
    const QRectF beside = title.adjusted(m_layout.axis().left, 0, 0, 0);
    m_painter.drawText(beside, Qt::AlignVCenter,
        metrics.elidedText(group.caption, Qt::ElideRight, beside.width()));
    for (std::size_t row = 0; row < group.rows.size(); ++row) {
        const QRectF name = m_layout.name(index, row);
        if (m_layout.namesFit()) {
            m_painter.setPen(m_theme.text);
            m_painter.drawText(name, Qt::AlignVCenter, group.rows[row].name);
            const double used = metrics.horizontalAdvance(group.rows[row].name) + 8;
            if (used + metrics.horizontalAdvance(group.rows[row].detail) <= name.width()) {
                m_painter.setPen(m_theme.secondaryText);
                m_painter.drawText(name, Qt::AlignVCenter | Qt::AlignRight, group.rows[row].detail);
            }
        }
        paintLane(group, group.rows[row], m_layout.lane(index, row));
    }
}

void LanesPainter::paintLane(const LaneGroup& group, const LaneRow& row, const QRectF& lane)
{
    double free = lane.left(); // from here on
    for (const LaneRun& run : laneRuns(row.spans, m_layout.axis())) {
        paintIdle(free, run.left, lane);
        paintRun(group, row, run, lane);
        free = std::max(free, run.right);
    }
    paintIdle(free, lane.right(), lane);
    m_painter.setPen(QPen(m_theme.border, 1));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(lane.adjusted(0.5, 0.5, -0.5, -0.5));
}

void LanesPainter::paintRun(
    const LaneGroup& group, const LaneRow& row, const LaneRun& run, const QRectF& lane)
{
    const LaneLook look = m_looks(run.style, group.kind, m_theme);
    const double inset = run.thin() ? lane.height() * (1 - thinShare) / 2 : 1;
    QRectF area(run.left, lane.top() + inset, run.right - run.left, lane.height() - 2 * inset);
    if (!run.thin() && area.width() > 3)
        area.setRight(area.right() - 1); // parted from what follows at once
    fill(area, look);
    if (run.count > 1 || !m_layout.namesFit())
        return;
    const LaneSpan& span = row.spans[static_cast<std::size_t>(run.first)];
    const QFontMetricsF metrics(m_font);
    for (const QString& label : { span.label, span.shortLabel }) {
        const double width = metrics.horizontalAdvance(label);
        if (label.isEmpty() || width + 2 * besideText > area.width())
            continue;
        if (look.hatch != Qt::NoBrush) // letters need a quiet ground
            m_painter.fillRect(QRectF(area.center().x() - width / 2 - 3, area.top() + 1, width + 6,
                                   area.height() - 2),
                look.fill);
        m_painter.setPen(look.text);
        m_painter.drawText(area, Qt::AlignCenter, label);
        return;
    }
}

void LanesPainter::paintIdle(double left, double right, const QRectF& lane)
{
    const QString text = Lanes::tr("nothing to do");
    const double width = QFontMetricsF(m_font).horizontalAdvance(text);
    if (!m_layout.namesFit() || right - left < width + 2 * besideText)
        return;
    m_painter.setPen(m_theme.secondaryText);
    m_painter.drawText(
        QRectF(left, lane.top(), right - left, lane.height()), Qt::AlignCenter, text);
}

void LanesPainter::paintAxis()
{
    const QFontMetricsF metrics(m_font);
    m_painter.setPen(m_theme.secondaryText);
    for (const double ms : laneTicks(0, m_layout.axisEnd(), mostTicks)) {
        const QString text = tickText(ms);
        const double width = metrics.horizontalAdvance(text) + 2;
        m_painter.drawText(QRectF(m_layout.axis().pixel(ms) - width / 2, m_layout.axisTop(), width,
                               metrics.height()),
            Qt::AlignCenter, text);
    }
}

} // namespace timestep
