// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lanes_layout.h"

#include <QFont>

class QPainter;

namespace timestep {

/// Paints runs on lanes; knows no widget.
class LanesPainter
{
public:
    LanesPainter(QPainter& painter, const LanesPicture& picture, const LanesLayout& layout,
        const LaneLooks& looks, const Theme& theme, const QFont& font);

    void paint();

private:
    void paintLegend();
    void paintGroup(std::size_t group);
    void paintLane(const LaneGroup& group, const LaneRow& row, const QRectF& lane);
    void paintRun(
        const LaneGroup& group, const LaneRow& row, const LaneRun& run, const QRectF& lane);
    void paintIdle(double left, double right, const QRectF& lane);
    void paintAxis();
    void fill(const QRectF& area, const LaneLook& look);

    QPainter& m_painter;
    const LanesPicture& m_picture;
    const LanesLayout& m_layout;
    const LaneLooks& m_looks;
    const Theme& m_theme;
    const QFont m_font; // of names and labels
};

} // namespace timestep
