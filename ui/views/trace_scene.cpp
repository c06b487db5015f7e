// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_scene.h"

#include "ui/views/trace_statement.h"

#include <algorithm>

namespace timestep {

namespace {

ShownGroup shownGroup(const TracedRunPointer& run, std::size_t index, bool kept)
{
    ShownGroup shown { run, index, kept, {}, {}, {}, {} };
    const TracedGroup& group = shown.group();
    shown.title = modelTitle(group.kind);
    shown.caption = groupCaption(*run, group, kept);
    for (std::size_t lane = 0; lane < group.lanes.size(); ++lane) {
        shown.names.push_back(threadName(lane));
        shown.rows.push_back(laneRows(group, group.lanes[lane]));
    }
    return shown;
}

} // namespace

std::vector<ShownSpan> spansOfStep(const std::vector<ShownGroup>& groups, int step)
{
    std::vector<ShownSpan> found;
    for (std::size_t index = 0; index < groups.size(); ++index) {
        const TracedGroup& group = groups[index].group();
        const auto operations = group.plan.operations();
        for (std::size_t i = 0; i < operations.size(); ++i) {
            const bool reads = operations[i].rows.contains(0) && operations[i].steps.contains(step);
            if (reads && group.spanOfOperation[i] >= 0)
                found.push_back({ index, group.spanOfOperation[i] });
        }
    }
    return found;
}

std::vector<ShownGroup> shownGroups(const TracedRunPointer& newest, const TracedRunPointer& kept)
{
    std::vector<ShownGroup> groups;
    const std::size_t count = newest ? newest->groups.size() : 0;
    const std::size_t keptCount = kept && kept != newest ? kept->groups.size() : 0;
    for (std::size_t index = 0; index < std::max(count, keptCount); ++index) {
        if (index < count)
            groups.push_back(shownGroup(newest, index, false));
        if (index < keptCount)
            groups.push_back(shownGroup(kept, index, true));
    }
    return groups;
}

} // namespace timestep
