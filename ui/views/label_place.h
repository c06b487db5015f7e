// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <vector>

namespace timestep {

/// Whether some part of the line lies in the rectangle.
bool crosses(const QLineF& line, const QRectF& rectangle);

/// Where the name of a line fits in the area without covering any line or an earlier name: above
/// the line's right end or below it, up to its own height away, else as little to the left as it
/// takes. Where no place is
/// free, above the end. Pixels.
QRectF labelPlace(QSizeF size, QPointF end, const QRectF& area, const std::vector<QLineF>& lines,
    const std::vector<QRectF>& taken);

} // namespace timestep
