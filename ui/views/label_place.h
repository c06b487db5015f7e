// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <vector>

namespace timestep {

/// Whether some part of the line lies in the rectangle.
bool crosses(const QLineF& line, const QRectF& rectangle);

/// Where the name of a line fits in the area without covering any line or what is taken: above the
/// line's end or below it, up to its own height away, else beside the line as near to its end as
/// may be, at last at some distance from it. Not where it seems to name another line, which runs
/// along there or lies between. Nothing where no such place is free. `own` are the points of the
/// line, its end last; its parts may be among `lines`. Pixels.
std::optional<QRectF> labelPlace(QSizeF size, const std::vector<QPointF>& own, const QRectF& area,
    const std::vector<QLineF>& lines, const std::vector<QRectF>& taken);

} // namespace timestep
