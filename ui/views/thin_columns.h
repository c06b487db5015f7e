// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lane_look.h"
#include "ui/views/trace_runs.h"

#include <QColor>
#include <QRectF>

#include <array>
#include <vector>

class QPainter;

namespace timestep {

/// Pixels of a lane that hold several spans each: their states one above the other by their shares,
/// each of a pixel at least, in a band that is narrower than the lane.
class ThinColumns
{
public:
    void add(const TraceRun& run, const QRectF& lane);
    /// All that were added, and forgets them. On a screen as one image, for there may be thousands
    /// a lane; in a picture of vectors as rectangles.
    void paint(QPainter& painter, const std::array<StateLook, laneStateCount>& looks);

private:
    std::array<std::vector<QRectF>, laneStateCount> m_rects; // whole pixels
};

} // namespace timestep
