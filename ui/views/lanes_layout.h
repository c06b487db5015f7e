// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lane_runs.h"
#include "ui/views/lanes_picture.h"

#include <QRectF>
#include <QSizeF>

namespace timestep {

/// Sizes of the letters that the lanes' names are written with, in pixels.
struct LaneMetrics
{
    double lineHeight = 16;
    double nameWidth = 80; // of the widest name
    std::vector<double> legendWidths; // of the names in the legend
};

/// Where everything is: legend, then for each group a title and its lanes, then the axis.
class LanesLayout
{
public:
    LanesLayout() = default;
    LanesLayout(
        const LanesPicture& picture, QSizeF size, const LaneMetrics& metrics, double axisEnd);

    const LaneAxis& axis() const { return m_axis; }
    double axisEnd() const { return m_axisEnd; } // ms
    double axisTop() const { return m_axisTop; } // of its line of numbers
    /// Of an entry: swatch and name; as many lines as it takes.
    QRectF legend(std::size_t entry) const { return m_legend[entry]; }
    QRectF title(std::size_t group) const;
    /// Left of its lane.
    QRectF name(std::size_t group, std::size_t row) const;
    /// From the beginning to the end of the group's run.
    QRectF lane(std::size_t group, std::size_t row) const;
    bool namesFit() const { return m_rowHeight >= m_metrics.lineHeight - 3; }

    static constexpr double swatchWidth = 22;
    static constexpr double besideSwatch = 5;

    /// With lanes of `rowHeight`, in a picture so wide.
    static double heightFor(
        const LanesPicture& picture, const LaneMetrics& metrics, double width, double rowHeight);

private:
    double top(std::size_t group) const; // of its title

    const LanesPicture* m_picture = nullptr;
    QSizeF m_size;
    LaneMetrics m_metrics;
    LaneAxis m_axis;
    double m_axisEnd = 1;
    double m_axisTop = 0;
    double m_rowHeight = 0;
    std::vector<QRectF> m_legend;
    double m_legendHeight = 0;
};

} // namespace timestep
