// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_walk.h"

#include <algorithm>
#include <cstdlib>

namespace timestep {

namespace {

bool isWork(const LaneInterval& interval) { return interval.state == LaneState::Work; }

/// The interval of work that is `count` before or after the one at `index`, or the last on the way.
std::size_t workFrom(const LaneTimeline& lane, std::size_t index, int count)
{
    const auto intervals = lane.intervals();
    std::size_t found = index;
    const int direction = count < 0 ? -1 : 1;
    for (auto i = static_cast<std::ptrdiff_t>(index) + direction;
         count != 0 && i >= 0 && i < std::ssize(intervals); i += direction) {
        if (!isWork(intervals[static_cast<std::size_t>(i)]))
            continue;
        found = static_cast<std::size_t>(i);
        count -= direction;
    }
    return found;
}

/// The span of a lane at a time, or the nearest.
std::optional<int> spanNear(const LaneTimeline& lane, double ns)
{
    const auto intervals = lane.intervals();
    if (intervals.empty())
        return std::nullopt;
    const std::size_t at = std::min(lane.firstEndingAfter(ns), intervals.size() - 1);
    if (isWork(intervals[at]))
        return intervals[at].span;
    const LaneInterval& before = intervals[workFrom(lane, at, -1)];
    const LaneInterval& after = intervals[workFrom(lane, at, 1)];
    if (!isWork(before) && !isWork(after))
        return std::nullopt;
    const bool takesBefore = isWork(before)
        && (!isWork(after)
            || ns - static_cast<double>(before.endNs) < static_cast<double>(after.beginNs) - ns);
    return takesBefore ? before.span : after.span;
}

struct LanePlace
{
    std::size_t group = 0;
    std::size_t lane = 0;
};

std::vector<LanePlace> lanesWithSpans(const TraceScene& scene)
{
    std::vector<LanePlace> lanes;
    for (std::size_t group = 0; group < scene.groups.size(); ++group) {
        const auto& timelines = scene.groups[group].group().lanes;
        for (std::size_t lane = 0; lane < timelines.size(); ++lane) {
            if (spanNear(timelines[lane], 0))
                lanes.push_back({ group, lane });
        }
    }
    return lanes;
}

} // namespace

std::optional<ShownSpan> firstSpan(const TraceScene& scene, double ms)
{
    for (const auto& [group, lane] : lanesWithSpans(scene))
        return ShownSpan { group, *spanNear(scene.groups[group].group().lanes[lane], ms * 1e6) };
    return std::nullopt;
}

ShownSpan walkedSpan(const TraceScene& scene, const ShownSpan& from, const CellWalk& by)
{
    const Span& span = scene.span(from);
    const double middle = 0.5 * static_cast<double>(span.beginNs + span.endNs);
    if (by.rows == 0) {
        const LaneTimeline& lane
            = scene.groups[from.group].group().lanes[static_cast<std::size_t>(span.lane)];
        const auto intervals = lane.intervals();
        // Spans of no length end where they begin.
        std::size_t index = lane.firstEndingAfter(static_cast<double>(span.beginNs) - 1);
        while (index + 1 < intervals.size()
            && !(isWork(intervals[index]) && intervals[index].span == from.span))
            ++index;
        return { from.group, intervals[workFrom(lane, index, by.columns)].span };
    }
    const std::vector<LanePlace> lanes = lanesWithSpans(scene);
    const auto here = std::find_if(lanes.begin(), lanes.end(), [&](const LanePlace& place) {
        return place.group == from.group && place.lane == static_cast<std::size_t>(span.lane);
    });
    const auto index
        = std::clamp((here - lanes.begin()) + by.rows, std::ptrdiff_t(0), std::ssize(lanes) - 1);
    const LanePlace& place = lanes[static_cast<std::size_t>(index)];
    return { place.group,
        spanNear(scene.groups[place.group].group().lanes[place.lane], middle).value_or(from.span) };
}

} // namespace timestep
