// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <vector>

namespace timestep {

/// Sizes of a legend above lanes, in pixels.
struct LegendMetrics
{
    double lineHeight = 0;
    double beforeName = 0; // swatch and what parts it from the name
    double gap = 0; // between entries
};

/// Of each entry of a legend, with names so wide, from its upper left corner on: in as many lines
/// as it takes, in a picture `width` wide.
std::vector<QRectF> legendPlaces(
    const std::vector<double>& nameWidths, const LegendMetrics& metrics, double width);

/// 0 where there are no entries.
double bottomOf(const std::vector<QRectF>& legend);

} // namespace timestep
