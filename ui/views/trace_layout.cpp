// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_layout.h"

#include "ui/views/legend_places.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double gap = TraceLayout::gap;
constexpr double groupGap = 1; // above a title
constexpr double bracketRoom = 4; // between a title and its lanes, and below them
constexpr double nameGap = 10; // between a name and its lane
constexpr double margin = 30; // right of the axis, for half a number
constexpr double legendGap = 16; // between entries
constexpr double lowestRow = 9;
constexpr double highestRow = 48; // two lines of a label stand in it

std::size_t lanesOf(const TraceScene& scene)
{
    std::size_t lanes = 0;
    for (const ShownGroup& group : scene.groups)
        lanes += group.group().lanes.size();
    return lanes;
}

/// All but the lanes themselves and the legend.
double heightBeside(const TraceScene& scene, const TraceMetrics& metrics)
{
    const auto groups = static_cast<double>(scene.groups.size());
    return metrics.lineHeight * (groups + 1) + groups * (groupGap + 2 * bracketRoom) + 4
        + gap * static_cast<double>(lanesOf(scene));
}

std::vector<QRectF> legendOf(const TraceMetrics& metrics, double width)
{
    constexpr double beforeName = TraceLayout::swatchWidth + TraceLayout::besideSwatch;
    return legendPlaces(metrics.legendWidths, { metrics.lineHeight, beforeName, legendGap }, width);
}

} // namespace

TraceLayout::TraceLayout(const TraceScene& scene, QSizeF size, const TraceMetrics& metrics)
    : m_metrics(metrics)
    , m_legend(legendOf(metrics, size.width()))
{
    const double legend = bottomOf(m_legend);
    const double rows = std::max(1.0, static_cast<double>(lanesOf(scene)));
    m_rowHeight = std::floor(std::clamp(
        (size.height() - legend - heightBeside(scene, metrics)) / rows, lowestRow, highestRow));
    double top = legend;
    for (const ShownGroup& group : scene.groups) {
        m_titles.emplace_back(0, top + groupGap, size.width(), metrics.lineHeight);
        m_laneCounts.push_back(group.group().lanes.size());
        top = lanes(m_titles.size() - 1).bottom() + bracketRoom;
    }
    m_left = std::ceil(metrics.nameWidth + nameGap);
    m_right = std::max(size.width() - margin, m_left + 1);
    m_axis.pixelsPerMs = (m_right - m_left) / (scene.viewEndMs - scene.viewBeginMs);
    m_axis.left = m_left - scene.viewBeginMs * m_axis.pixelsPerMs;
    m_axisTop = top + 2;
}

double TraceLayout::heightFor(
    const TraceScene& scene, const TraceMetrics& metrics, double width, double rowHeight)
{
    return bottomOf(legendOf(metrics, width)) + heightBeside(scene, metrics)
        + std::max(rowHeight, lowestRow) * static_cast<double>(lanesOf(scene));
}

QRectF TraceLayout::name(std::size_t group, std::size_t index) const
{
    const QRectF beside = lane(group, index);
    return { 0, beside.top(), m_metrics.nameWidth, beside.height() };
}

QRectF TraceLayout::lane(std::size_t group, std::size_t index) const
{
    const double y
        = m_titles[group].bottom() + bracketRoom + static_cast<double>(index) * (m_rowHeight + gap);
    return { m_left, y, m_right - m_left, m_rowHeight };
}

QRectF TraceLayout::lanes(std::size_t group) const
{
    const QRectF first = lane(group, 0);
    return { first.left(), first.top(), first.width(),
        lane(group, m_laneCounts[group] - 1).bottom() - first.top() };
}

QRectF TraceLayout::allLanes() const
{
    return m_titles.empty() ? QRectF() : lanes(0).united(lanes(m_titles.size() - 1));
}

std::optional<LaneMoment> TraceLayout::momentAt(QPointF place) const
{
    if (place.x() < m_left || place.x() >= m_right)
        return std::nullopt;
    for (std::size_t group = 0; group < m_titles.size(); ++group) {
        const double first = m_titles[group].bottom() + bracketRoom;
        const double index = std::floor((place.y() - first + gap / 2) / (m_rowHeight + gap));
        if (index >= 0 && index < static_cast<double>(m_laneCounts[group]))
            return LaneMoment { group, static_cast<std::size_t>(index), msAt(place.x()) };
    }
    return std::nullopt;
}

std::optional<std::size_t> TraceLayout::groupAt(double y) const
{
    std::optional<std::size_t> found;
    for (std::size_t group = 0; group < m_titles.size(); ++group) {
        if (y >= m_titles[group].top())
            found = group;
    }
    return found;
}

} // namespace timestep
