// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/label_place.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr double Gap = 2; // pixels between a line and its name
constexpr double Step = 6; // pixels away at a time
constexpr double LeastApart = 3; // pixels from other lines, where a line can be told from them
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

double distance(QPointF point, const QLineF& line)
{
    const QPointF way = line.p2() - line.p1();
    const double square = QPointF::dotProduct(way, way);
    const double share = square > 0
        ? std::clamp(QPointF::dotProduct(point - line.p1(), way) / square, 0.0, 1.0)
        : 0;
    return QLineF(point, line.p1() + share * way).length();
}

/// Without the parts of `own`, each taken out once: another line may run exactly there too.
std::vector<QLineF> othersAmong(std::vector<QLineF> lines, const std::vector<QPointF>& own)
{
    for (std::size_t point = 1; point < own.size(); ++point) {
        const QLineF part(own[point - 1], own[point]);
        const QLineF reversed(part.p2(), part.p1());
        const auto found = std::find_if(lines.begin(), lines.end(),
            [&](const QLineF& line) { return line == part || line == reversed; });
        if (found != lines.end())
            lines.erase(found);
    }
    return lines;
}

/// The way from a point to what is nearest to it in the rectangle.
QLineF wayTo(QPointF point, const QRectF& rectangle)
{
    return { point,
        { std::clamp(point.x(), rectangle.left(), rectangle.right()),
            std::clamp(point.y(), rectangle.top(), rectangle.bottom()) } };
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
    const std::vector<QLineF> others = othersAmong(lines, own);
    const auto isApart = [&others](QPointF anchor) {
        return std::none_of(others.begin(), others.end(),
            [anchor](const QLineF& line) { return distance(anchor, line) < LeastApart; });
    };
    const auto isSeenFrom = [&others](QPointF anchor, const QRectF& place) {
        const QLineF way = wayTo(anchor, place);
        return std::none_of(others.begin(), others.end(), [&way](const QLineF& line) {
            return line.intersects(way) == QLineF::BoundedIntersection;
        });
    };
    const auto beside = [&](QPointF anchor, double away) -> std::optional<QRectF> {
        const double x = std::clamp(anchor.x(), area.left(), area.right());
        for (const double left : { x - size.width() - Gap, x + Gap })
            for (const double top :
                { anchor.y() - Gap - size.height() - away, anchor.y() + Gap + away })
                if (const QRectF place(QPointF(left, top), size);
                    isFree(place) && isSeenFrom(anchor, place))
                    return place;
        return std::nullopt;
    };
    const auto besideAny = [&](const std::vector<QPointF>& anchors, double away) {
        std::optional<QRectF> place;
        for (auto anchor = anchors.begin(); !place && anchor != anchors.end(); ++anchor)
            place = beside(*anchor, away);
        return place;
    };
    std::vector<QPointF> anchors = anchorsOf(own);
    anchors.erase(std::remove_if(anchors.begin(), anchors.end(),
                      [&isApart](QPointF anchor) { return !isApart(anchor); }),
        anchors.end());
    for (double away = 0; away <= size.height() && isApart(own.back()); away += Step)
        if (const auto place = beside(own.back(), away))
            return place;
    for (double away = 0; away <= FarthestHeights * size.height(); away += Step)
        if (const auto place = besideAny(anchors, away))
            return place;
    return std::nullopt;
}

} // namespace timestep
