// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace timestep {

namespace {

/// One lane on one axis, in pixels.
class LanePixels
{
public:
    LanePixels(const LaneTimeline& lane, const LaneAxis& axis, double from)
        : m_intervals(lane.intervals())
        , m_axis(axis)
        , m_cursor(lane, ns(from))
    {
    }

    std::size_t index() const { return m_cursor.index(); } // the first interval from here on
    bool over() const { return index() >= m_intervals.size(); }
    double begin(std::size_t interval) const { return pixel(m_intervals[interval].beginNs); }
    double end(std::size_t interval) const { return pixel(m_intervals[interval].endNs); }
    bool wide(std::size_t interval) const
    {
        return end(interval) - begin(interval) >= LaneRun::thinnest;
    }
    bool isWork(std::size_t interval) const
    {
        return m_intervals[interval].state == LaneState::Work;
    }

    void moveBehind(std::size_t interval)
    {
        m_cursor.moveTo(static_cast<double>(m_intervals[interval].endNs));
    }

    /// The rest of the pixel from `left` on, up to an interval that is drawn as itself; sets `left`
    /// to what follows.
    TraceRun column(double& left)
    {
        const double pixel = std::floor(left);
        TraceRun run { pixel, pixel + 1, index(), 0, true, {} };
        const int spansBefore = m_cursor.spansBegun();
        m_cursor.moveTo(ns(left));
        LaneCursor next = m_cursor;
        run.totals = next.moveTo(ns(pixel + 1));
        left = pixel + 1;
        const std::size_t after = next.index();
        if (after < m_intervals.size() && begin(after) < pixel + 1 && wide(after)) {
            left = std::max(begin(after), pixel);
            next = m_cursor;
            run.totals = next.moveTo(static_cast<double>(m_intervals[after].beginNs));
        }
        m_cursor = next;
        run.spans = m_cursor.spansBegun() - spansBefore;
        return run;
    }

private:
    double ns(double pixel) const { return m_axis.ms(pixel) * nsPerMs; }
    double pixel(std::int64_t time) const
    {
        return m_axis.pixel(static_cast<double>(time) / nsPerMs);
    }

    std::span<const LaneInterval> m_intervals;
    const LaneAxis& m_axis;
    LaneCursor m_cursor;
};

} // namespace

PixelRange uncut(const LaneTimeline& lane, const LaneAxis& axis, PixelRange range)
{
    const auto intervals = lane.intervals();
    const auto begin = [&](std::size_t index) {
        return axis.pixel(static_cast<double>(intervals[index].beginNs) / nsPerMs);
    };
    const auto end = [&](std::size_t index) {
        return axis.pixel(static_cast<double>(intervals[index].endNs) / nsPerMs);
    };
    const auto wide = [&](double from, double to) { return to - from >= LaneRun::thinnest; };
    const std::size_t first = lane.firstEndingAfter(axis.ms(range.from) * nsPerMs);
    if (first < intervals.size() && begin(first) < range.from) {
        if (wide(begin(first), end(first)))
            range.from = begin(first);
    } else if (first > 0) {
        range.from = std::min(range.from, end(first - 1));
    } else {
        range.from = std::min(range.from, axis.pixel(0));
    }
    const std::size_t last = lane.firstEndingAfter(axis.ms(range.to) * nsPerMs);
    if (last < intervals.size() && begin(last) < range.to) {
        if (wide(begin(last), end(last)))
            range.to = end(last);
    } else if (last < intervals.size()) {
        range.to = begin(last);
    } else {
        range.to = std::numeric_limits<double>::infinity();
    }
    return range;
}

std::vector<TraceRun> traceRuns(
    const LaneTimeline& lane, const LaneAxis& axis, double from, double to)
{
    LanePixels pixels(lane, axis, from);
    std::vector<TraceRun> runs;
    double x = from;
    while (!pixels.over()) {
        const std::size_t index = pixels.index();
        double left = std::max(pixels.begin(index), x);
        if (left >= to)
            break;
        if (pixels.wide(index)) {
            x = pixels.end(index);
            runs.push_back(
                { left, std::min(x, to), index, pixels.isWork(index) ? 1 : 0, false, {} });
            pixels.moveBehind(index);
        } else {
            runs.push_back(pixels.column(left));
            x = left;
        }
    }
    return runs;
}

} // namespace timestep
