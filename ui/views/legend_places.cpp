// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/legend_places.h"

namespace timestep {

std::vector<QRectF> legendPlaces(
    const std::vector<double>& nameWidths, const LegendMetrics& metrics, double width)
{
    std::vector<QRectF> places;
    double x = 0;
    double y = 0;
    for (const double name : nameWidths) {
        const double entry = metrics.beforeName + name;
        if (x > 0 && x + entry > width) {
            x = 0;
            y += metrics.lineHeight;
        }
        places.emplace_back(x, y, entry, metrics.lineHeight);
        x += entry + metrics.gap;
    }
    return places;
}

double bottomOf(const std::vector<QRectF>& legend)
{
    return legend.empty() ? 0 : legend.back().bottom();
}

} // namespace timestep
