// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/label_place.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr double Gap = 2; // pixels between a line and its name
constexpr double Step = 6; // pixels away at a time
constexpr double FarthestHeights = 3; // away, and still seen to belong to the line

/// Points of the line every few pixels, from its end to its beginning.
std::vector<QPointF> anchorsOf(const std::vector<QPointF>& own)
{
    std::vector<QPointF> anchors { own.back() };
    for (std::size_t point = own.size() - 1; point > 0; --point) {
        const QLineF part(own[point], own[point - 1]);
        for (double length = Step; length < part.length(); length += Step)
            anchors.push_back(part.pointAt(length / part.length()));
        anchors.push_back(part.p2());
    }
    return anchors;
}

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

std::optional<QRectF> labelPlace(QSizeF size, const std::vector<QPointF>& own, const QRectF& area,
    const std::vector<QLineF>& lines, const std::vector<QRectF>& taken)
{
    const auto isFree = [&](const QRectF& place) {
        return area.contains(place)
            && std::none_of(lines.begin(), lines.end(),
                [&place](const QLineF& line) { return crosses(line, place); })
            && std::none_of(taken.begin(), taken.end(),
                [&place](const QRectF& other) { return other.intersects(place); });
    };
    const auto beside = [&](QPointF anchor, double away) -> std::optional<QRectF> {
        const double x = std::clamp(anchor.x(), area.left(), area.right());
        for (const double left : { x - size.width() - Gap, x + Gap })
            for (const double top :
                { anchor.y() - Gap - size.height() - away, anchor.y() + Gap + away })
                if (const QRectF place(QPointF(left, top), size); isFree(place))
                    return place;
        return std::nullopt;
    };
    const auto besideAny = [&](const std::vector<QPointF>& anchors, double away) {
        std::optional<QRectF> place;
        for (auto anchor = anchors.begin(); !place && anchor != anchors.end(); ++anchor)
            place = beside(*anchor, away);
        return place;
    };
    for (double away = 0; away <= size.height(); away += Step)
        if (const auto place = beside(own.back(), away))
            return place;
    const std::vector<QPointF> anchors = anchorsOf(own);
    for (double away = 0; away <= FarthestHeights * size.height(); away += Step)
        if (const auto place = besideAny(anchors, away))
            return place;
    return std::nullopt;
}

} // namespace timestep
