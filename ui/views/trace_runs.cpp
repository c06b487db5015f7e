// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_runs.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

/// One lane on one axis, in pixels.
class LanePixels
{
public:
    LanePixels(const LaneTimeline& lane, const LaneAxis& axis)
        : m_lane(lane)
        , m_axis(axis)
    {
    }

    double ns(double pixel) const { return m_axis.ms(pixel) * nsPerMs; }
    double begin(std::size_t index) const { return pixel(at(index).beginNs); }
    double end(std::size_t index) const { return pixel(at(index).endNs); }
    bool wide(std::size_t index) const { return end(index) - begin(index) >= LaneRun::thinnest; }

    /// The pixel of `left`, up to an interval that is drawn as itself; sets `index` and `left` to
    /// what follows.
    TraceRun column(std::size_t& index, double& left) const
    {
        const double pixel = std::floor(left);
        const std::size_t next = m_lane.firstEndingAfter(ns(pixel + 1), index);
        const bool more = next < m_lane.intervals().size() && begin(next) < pixel + 1;
        const double end = more && wide(next) ? begin(next) : pixel + 1;
        TraceRun run { pixel, pixel + 1, index, 0, true, {} };
        run.totals = m_lane.totals(ns(pixel), ns(std::max(end, pixel)), 0);
        run.spans = m_lane.spansBetween(index, more && !wide(next) ? next + 1 : next);
        index = next;
        left = end;
        return run;
    }

private:
    const LaneInterval& at(std::size_t index) const { return m_lane.intervals()[index]; }
    double pixel(std::int64_t time) const
    {
        return m_axis.pixel(static_cast<double>(time) / nsPerMs);
    }

    const LaneTimeline& m_lane;
    const LaneAxis& m_axis;
};

} // namespace

std::vector<TraceRun> traceRuns(
    const LaneTimeline& lane, const LaneAxis& axis, double from, double to)
{
    const LanePixels pixels(lane, axis);
    const std::size_t count = lane.intervals().size();
    std::vector<TraceRun> runs;
    std::size_t index = lane.firstEndingAfter(pixels.ns(from));
    double x = from;
    while (index < count) {
        double left = std::max(pixels.begin(index), x);
        if (left >= to)
            break;
        if (pixels.wide(index)) {
            x = pixels.end(index);
            const bool work = lane.intervals()[index].state == LaneState::Work;
            runs.push_back({ left, std::min(x, to), index, work ? 1 : 0, false, {} });
            ++index;
        } else {
            runs.push_back(pixels.column(index, left));
            x = left;
        }
    }
    return runs;
}

} // namespace timestep
