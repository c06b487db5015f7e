// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/thin_columns.h"

#include <QImage>
#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double inset = 0.2; // of the lane's height: above and below the band

QRect pixelsOf(const QRectF& rect)
{
    const QPoint corner(qRound(rect.left()), qRound(rect.top()));
    return { corner, QPoint(qRound(rect.right()) - 1, qRound(rect.bottom()) - 1) };
}

void fill(QImage& image, const QRect& area, QRgb color)
{
    for (int y = area.top(); y <= area.bottom(); ++y) {
        auto* const line = reinterpret_cast<QRgb*>(image.scanLine(y));
        std::fill(line + area.left(), line + area.right() + 1, color);
    }
}

} // namespace

void ThinColumns::add(const TraceRun& run, const QRectF& lane)
{
    const double besides = std::max(1.0, std::floor(lane.height() * inset));
    const double height = lane.height() - 2 * besides;
    double top = lane.top() + besides;
    const double bottom = top + height;
    for (const LaneState state : { LaneState::Work, LaneState::WaitingForCore,
             LaneState::WaitingForNeeds, LaneState::Barrier }) {
        const bool shows = run.totals.of(state) > 0 || (state == LaneState::Work && run.spans > 0);
        if (!shows)
            continue;
        const double part
            = std::min(std::max(1.0, std::round(height * run.totals.share(state))), bottom - top);
        if (part <= 0)
            break;
        auto& rects = m_rects[static_cast<std::size_t>(state)];
        const bool goesOn = !rects.empty() && rects.back().right() == run.left
            && rects.back().top() == top && rects.back().height() == part;
        if (goesOn)
            rects.back().setRight(run.right);
        else
            rects.emplace_back(run.left, top, run.right - run.left, part);
        top += part;
    }
}

void ThinColumns::paint(QPainter& painter, const std::array<StateLook, laneStateCount>& looks)
{
    QRectF all;
    for (const auto& rects : m_rects)
        for (const QRectF& rect : rects)
            all |= rect;
    if (all.isEmpty())
        return;
    const bool screen = painter.paintEngine()->type() == QPaintEngine::Raster;
    const QRect place = pixelsOf(all);
    QImage image;
    if (screen) {
        image = QImage(place.size(), QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
    }
    painter.setPen(Qt::NoPen);
    for (std::size_t state = 0; state < m_rects.size(); ++state) {
        auto& rects = m_rects[state];
        const QColor ink = looks[state].ink;
        if (screen) {
            for (const QRectF& rect : rects)
                fill(image, pixelsOf(rect).translated(-place.topLeft()), ink.rgb());
        } else if (!rects.empty()) {
            painter.setBrush(ink);
            painter.drawRects(rects.data(), static_cast<int>(rects.size()));
        }
        rects.clear();
    }
    if (screen)
        painter.drawImage(place.topLeft(), image);
}

} // namespace timestep
