// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/label_place.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr double Gap = 2; // pixels between a line and its name
constexpr double Step = 6; // pixels away at a time

} // namespace

bool crosses(const QLineF& line, const QRectF& rectangle)
{
    if (rectangle.contains(line.p1()) || rectangle.contains(line.p2()))
        return true;
    const QLineF diagonals[] = { QLineF(rectangle.topLeft(), rectangle.bottomRight()),
        QLineF(rectangle.topRight(), rectangle.bottomLeft()) };
    return std::any_of(std::begin(diagonals), std::end(diagonals), [&line](const QLineF& diagonal) {
        return line.intersects(diagonal) == QLineF::BoundedIntersection;
    });
}

QRectF labelPlace(QSizeF size, QPointF end, const QRectF& area, const std::vector<QLineF>& lines,
    const std::vector<QRectF>& taken)
{
    const auto isFree = [&](const QRectF& place) {
        return area.contains(place)
            && std::none_of(lines.begin(), lines.end(),
                [&place](const QLineF& line) { return crosses(line, place); })
            && std::none_of(taken.begin(), taken.end(),
                [&place](const QRectF& other) { return other.intersects(place); });
    };
    const double right = std::min(end.x(), area.right()) - size.width() - Gap;
    const double above = end.y() - Gap - size.height();
    const double below = end.y() + Gap;
    for (double away = 0; away <= size.height(); away += Step) {
        for (double top : { above - away, below + away }) {
            const QRectF place(QPointF(right, top), size);
            if (isFree(place))
                return place;
        }
    }
    for (double left = right; left >= area.left(); left -= Step) {
        for (double top : { above, below }) {
            const QRectF place(QPointF(left, top), size);
            if (isFree(place))
                return place;
        }
    }
    return { QPointF(right, std::max(above, area.top())), size };
}

} // namespace timestep
