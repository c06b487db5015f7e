// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/lane_states.h"

#include <algorithm>

namespace timestep {

namespace {

/// When an operation had all it needs, of those that ran.
std::vector<std::int64_t> readyTimes(const Plan& plan, const Trace& trace)
{
    std::vector<std::int64_t> ends(plan.operations().size(), 0);
    for (const Span& span : trace.spans)
        ends[static_cast<std::size_t>(span.operation)] = span.endNs;
    std::vector<std::int64_t> ready(ends.size(), 0);
    for (const Span& span : trace.spans) {
        std::int64_t& at = ready[static_cast<std::size_t>(span.operation)];
        for (const OperationRange& range : plan.needs(span.operation))
            for (int need = range.begin; need < range.end; ++need)
                at = std::max(at, ends[static_cast<std::size_t>(need)]);
    }
    return ready;
}

/// Whether an operation is the first of its task.
std::vector<bool> firstOfTask(const Plan& plan)
{
    std::vector<bool> seen(static_cast<std::size_t>(plan.taskCount()), false);
    std::vector<bool> first(plan.operations().size(), false);
    for (std::size_t i = 0; i < first.size(); ++i) {
        const auto task = static_cast<std::size_t>(plan.operations()[i].task);
        first[i] = !seen[task];
        seen[task] = true;
    }
    return first;
}

struct Interval
{
    std::int64_t begin = 0, end = 0; // ns
};

void merge(std::vector<Interval>& intervals)
{
    std::sort(intervals.begin(), intervals.end(),
        [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
    std::vector<Interval> merged;
    for (const Interval& next : intervals) {
        if (!merged.empty() && next.begin <= merged.back().end)
            merged.back().end = std::max(merged.back().end, next.end);
        else
            merged.push_back(next);
    }
    intervals = std::move(merged);
}

/// Tells the gaps of all workers apart by what they were for.
class Gaps
{
public:
    Gaps(const Plan& plan, const Trace& trace)
        : m_inTask(plan.cut().strategy == Strategy::HiddenSplit ? LaneState::Barrier
                                                                : LaneState::WaitingForNeeds)
        , m_ready(readyTimes(plan, trace))
        , m_first(firstOfTask(plan))
    {
        std::vector<bool> laneSeen(trace.lanes.size(), false);
        for (const Span& span : trace.spans) {
            const auto operation = static_cast<std::size_t>(span.operation);
            const auto lane = static_cast<std::size_t>(span.lane);
            const bool firstOfLane = !laneSeen[lane];
            laneSeen[lane] = true;
            if (!m_first[operation] || setAside(firstOfLane, operation))
                continue;
            m_lastTaskBegun = std::max(m_lastTaskBegun, span.beginNs);
            if (span.beginNs > m_ready[operation])
                m_readyTasks.push_back({ m_ready[operation], span.beginNs });
        }
        merge(m_readyTasks);
    }

    /// Before span `index`, which is `next`.
    void addBefore(
        std::int64_t begin, const Span& next, int index, std::vector<LaneInterval>& to) const
    {
        const auto operation = static_cast<std::size_t>(next.operation);
        if (setAside(begin == 0 && to.empty(), operation))
            addWithinTask(begin, next.beginNs, 0, index, to);
        else if (m_first[operation])
            addWithoutTask(begin, next.beginNs, to);
        else
            addWithinTask(begin, next.beginNs, m_ready[operation], index, to);
    }

    /// While a worker had no task.
    void addWithoutTask(std::int64_t begin, std::int64_t end, std::vector<LaneInterval>& to) const
    {
        end = std::min(end, m_lastTaskBegun);
        auto ready = std::partition_point(m_readyTasks.begin(), m_readyTasks.end(),
            [begin](const Interval& task) { return task.end <= begin; });
        for (; begin < end && ready != m_readyTasks.end(); ++ready) {
            const std::int64_t from = std::clamp(ready->begin, begin, end);
            const std::int64_t until = std::min(ready->end, end);
            add(LaneState::WaitingForNeeds, begin, from, -1, to);
            if (until - from >= shortestCoreWaitNs)
                add(LaneState::WaitingForCore, from, until, -1, to);
            begin = until;
        }
        add(LaneState::WaitingForNeeds, begin, end, -1, to);
    }

private:
    /// At the start line each worker gets one of the tasks that are ready, which no other may take.
    bool setAside(bool firstOfLane, std::size_t operation) const
    {
        return firstOfLane && m_first[operation] && m_ready[operation] == 0;
    }

    void addWithinTask(std::int64_t begin, std::int64_t end, std::int64_t ready, int span,
        std::vector<LaneInterval>& to) const
    {
        ready = std::clamp(ready, begin, end);
        const bool coreLost = end - ready >= shortestCoreWaitNs;
        if (!coreLost && ready > begin)
            ready = end; // being told belongs to the wait
        add(m_inTask, begin, ready, span, to);
        if (coreLost)
            add(LaneState::WaitingForCore, ready, end, span, to);
    }

    static void add(LaneState state, std::int64_t begin, std::int64_t end, int span,
        std::vector<LaneInterval>& to)
    {
        if (begin < end)
            to.push_back({ begin, end, 0, span, state });
    }

    const LaneState m_inTask;
    std::vector<std::int64_t> m_ready; // of each operation
    std::vector<bool> m_first; // of its task
    std::vector<Interval> m_readyTasks; // when some task could have been begun
    std::int64_t m_lastTaskBegun = 0;
};

} // namespace

std::int64_t runEndNs(const Trace& trace)
{
    std::int64_t end = 0;
    for (const Span& span : trace.spans)
        end = std::max(end, span.endNs);
    return end;
}

std::vector<std::vector<LaneInterval>> laneStates(const Plan& plan, const Trace& trace)
{
    const Gaps gaps(plan, trace);
    std::vector<std::vector<LaneInterval>> lanes(trace.lanes.size());
    std::vector<std::int64_t> free(lanes.size(), 0); // from here on
    for (std::size_t index = 0; index < trace.spans.size(); ++index) {
        const Span& span = trace.spans[index];
        const auto lane = static_cast<std::size_t>(span.lane);
        gaps.addBefore(free[lane], span, static_cast<int>(index), lanes[lane]);
        lanes[lane].push_back(
            { span.beginNs, span.endNs, span.cpuNs, static_cast<int>(index), LaneState::Work });
        free[lane] = span.endNs;
    }
    const std::int64_t end = runEndNs(trace);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane)
        gaps.addWithoutTask(free[lane], end, lanes[lane]);
    return lanes;
}

} // namespace timestep
