// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lanes_layout.h"

#include "ui/views/legend_places.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double gap = 3; // between lanes
constexpr double groupGap = 4; // above a title
constexpr double nameGap = 10; // between a name and its lane
constexpr double margin = 26; // right of the axis, for half a number
constexpr double legendGap = 14; // between entries
constexpr double lowestRow = 8;
constexpr double highestRow = 34;

std::size_t rowsOf(const LanesPicture& picture)
{
    std::size_t rows = 0;
    for (const LaneGroup& group : picture.groups)
        rows += group.rows.size();
    return rows;
}

/// All but the lanes themselves and the legend.
double heightBeside(const LanesPicture& picture, const LaneMetrics& metrics)
{
    const auto groups = static_cast<double>(picture.groups.size());
    return metrics.lineHeight * (groups + 1) + groups * groupGap + 6
        + gap * static_cast<double>(rowsOf(picture));
}

std::vector<QRectF> legendOf(const LaneMetrics& metrics, double width)
{
    constexpr double beforeName = LanesLayout::swatchWidth + LanesLayout::besideSwatch;
    return legendPlaces(metrics.legendWidths, { metrics.lineHeight, beforeName, legendGap }, width);
}

} // namespace

LanesLayout::LanesLayout(
    const LanesPicture& picture, QSizeF size, const LaneMetrics& metrics, double axisEnd)
    : m_picture(&picture)
    , m_size(size)
    , m_metrics(metrics)
    , m_axisEnd(axisEnd)
    , m_legend(legendOf(metrics, size.width()))
    , m_legendHeight(bottomOf(m_legend))
{
    const double rows = std::max(1.0, static_cast<double>(rowsOf(picture)));
    m_rowHeight = std::floor(
        std::clamp((size.height() - m_legendHeight - heightBeside(picture, metrics)) / rows,
            lowestRow, highestRow));
    m_axis.left = std::ceil(metrics.nameWidth + nameGap);
    m_axis.pixelsPerMs = std::max(size.width() - m_axis.left - margin, 1.0) / axisEnd;
    m_axisTop = top(picture.groups.size()) + 2;
}

double LanesLayout::heightFor(
    const LanesPicture& picture, const LaneMetrics& metrics, double width, double rowHeight)
{
    return bottomOf(legendOf(metrics, width)) + heightBeside(picture, metrics)
        + std::max(rowHeight, lowestRow) * static_cast<double>(rowsOf(picture));
}

double LanesLayout::top(std::size_t group) const
{
    double top = m_legendHeight;
    for (std::size_t before = 0; before < group; ++before)
        top += groupGap + m_metrics.lineHeight
            + static_cast<double>(m_picture->groups[before].rows.size()) * (m_rowHeight + gap);
    return top + groupGap;
}

QRectF LanesLayout::title(std::size_t group) const
{
    return { 0, top(group), m_size.width(), m_metrics.lineHeight };
}

QRectF LanesLayout::name(std::size_t group, std::size_t row) const
{
    const QRectF beside = lane(group, row);
    return { 0, beside.top(), m_metrics.nameWidth, beside.height() };
}

QRectF LanesLayout::lane(std::size_t group, std::size_t row) const
{
    const double y
        = top(group) + m_metrics.lineHeight + static_cast<double>(row) * (m_rowHeight + gap);
    return { m_axis.left, y, m_picture->groups[group].duration * m_axis.pixelsPerMs, m_rowHeight };
}

} // namespace timestep
