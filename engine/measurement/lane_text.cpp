// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/lane_text.h"

#include "engine/measurement/csv_field.h"

#include <string_view>
#include <utility>

namespace timestep {

namespace {

std::string_view stateWord(LaneState state)
{
    switch (state) {
    case LaneState::Work:
        return "work";
    case LaneState::WaitingForCore:
        return "waiting_for_core";
    case LaneState::WaitingForNeeds:
        return "waiting_for_needs";
    case LaneState::Barrier:
        return "barrier";
    case LaneState::NothingToDo:
        break;
    }
    return "nothing_to_do";
}

/// Lines that all begin alike.
class LaneLines
{
public:
    explicit LaneLines(std::string begin)
        : m_begin(std::move(begin))
    {
    }

    void add(const LaneTimeline& lane, std::int64_t endNs)
    {
        std::int64_t free = 0; // from here on
        for (const LaneInterval& interval : lane.intervals()) {
            addNothing(free, interval.beginNs);
            addLine(interval);
            free = interval.endNs;
        }
        addNothing(free, endNs);
    }
    const std::string& text() const { return m_text; }

private:
    void addNothing(std::int64_t from, std::int64_t to)
    {
        if (from < to)
            addLine({ from, to, 0, -1, LaneState::NothingToDo });
    }
    void addLine(const LaneInterval& interval)
    {
        m_text += m_begin;
        m_text += stateWord(interval.state);
        m_text += ',' + std::to_string(interval.beginNs) + ',' + std::to_string(interval.endNs)
            + ',' + std::to_string(interval.cpuNs) + '\n';
    }

    std::string m_begin;
    std::string m_text;
};

} // namespace

std::string lanesCsv(std::span<const NamedLanes> runs)
{
    std::string text = "run,model,batch,lane,state,begin_ns,end_ns,cpu_ns\n";
    for (const NamedLanes& run : runs) {
        const PlanShape& shape = run.plan->shape();
        const std::string begin = csvField(run.name) + ',' + std::string(kindName(shape.kind)) + ','
            + std::to_string(shape.rows) + ',';
        for (std::size_t lane = 0; lane < run.lanes.size(); ++lane) {
            LaneLines lines(begin + std::to_string(lane) + ',');
            lines.add(run.lanes[lane], run.endNs);
            text += lines.text();
        }
    }
    return text;
}

} // namespace timestep
