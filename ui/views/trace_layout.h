// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lane_runs.h"
#include "ui/views/trace_scene.h"

#include <QRectF>
#include <QSizeF>

#include <cmath>
#include <optional>
#include <vector>

namespace timestep {

/// Sizes of the letters that the picture is written with, in pixels.
struct TraceMetrics
{
    double lineHeight = 16;
    double nameWidth = 80; // of the widest name
    std::vector<double> legendWidths; // of the names in the legend
};

/// Where everything is: legend, for each group a title and its lanes, then the axis.
class TraceLayout
{
public:
    TraceLayout() = default;
    TraceLayout(const TraceScene& scene, QSizeF size, const TraceMetrics& metrics);

    const LaneAxis& axis() const { return m_axis; } // of what is in view
    double left() const { return m_left; } // of all lanes
    double right() const { return m_right; }
    double axisTop() const { return m_axisTop; } // of its line of numbers
    QRectF legend(std::size_t entry) const { return m_legend[entry]; }
    std::size_t legendEntries() const { return m_legend.size(); }
    QRectF title(std::size_t group) const { return m_titles[group]; }
    QRectF name(std::size_t group, std::size_t lane) const; // left of its lane
    QRectF lane(std::size_t group, std::size_t lane) const; // as wide as the axis
    QRectF lanes(std::size_t group) const; // all of a group
    QRectF allLanes() const; // of the first group to the last
    bool namesFit() const { return m_rowHeight >= lowestNamed(m_metrics.lineHeight); }
    bool bothNamesFit() const { return m_rowHeight >= 2 * m_metrics.lineHeight - 5; }

    double msAt(double pixel) const { return m_axis.ms(pixel); }
    std::optional<LaneMoment> momentAt(QPointF place) const;
    /// The group whose lanes, title or surroundings are there; none above the first title.
    std::optional<std::size_t> groupAt(double y) const;

    static constexpr double gap = 4; // between lanes: the critical path runs there
    static constexpr double swatchWidth = 26;
    static constexpr double besideSwatch = 5;

    /// The lowest lane in which and beside which names are legible.
    static double lowestNamed(double lineHeight) { return std::floor(lineHeight) + 1; }
    /// With lanes of `rowHeight` (at least the lowest there may be), in a picture so wide.
    static double heightFor(
        const TraceScene& scene, const TraceMetrics& metrics, double width, double rowHeight);

private:
    TraceMetrics m_metrics;
    LaneAxis m_axis;
    double m_left = 0, m_right = 0;
    double m_axisTop = 0;
    double m_rowHeight = 0;
    std::vector<QRectF> m_legend;
    std::vector<QRectF> m_titles;
    std::vector<std::size_t> m_laneCounts;
};

} // namespace timestep
