// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_times.h"

#include <algorithm>
#include <unordered_map>

namespace timestep {

StepsTimes::StepsTimes(const PlannedModel& model, double unitFlops)
    : m_finishedAt(model.schedule.length / unitFlops)
    , m_tolerance(1e-9 * std::max(1.0, m_finishedAt))
{
    m_moments.reserve(model.schedule.operations.size());
    for (const ScheduledOperation& operation : model.schedule.operations)
        m_moments.push_back(
            { operation.begin / unitFlops, operation.end / unitFlops, 0, operation.worker, -1 });
    findReady(model.plan);
}

void StepsTimes::findReady(const Plan& plan)
{
    // Causal positions look at ranges that begin alike and grow by one; remembering the last of
    // each beginning keeps T positions of T keys at O(T).
    struct Range
    {
        int end;
        int last;
    };
    std::unordered_map<int, Range> ranges; // by begin
    const auto later = [this](int a, int b) { return a >= 0 && end(a) > end(b) ? a : b; };

    for (int operation = 0; operation < int(m_moments.size()); ++operation) {
        int last = -1;
        for (const OperationRange need : plan.needs(operation)) {
            if (need.begin >= need.end)
                continue;
            auto known = ranges.find(need.begin);
            if (known == ranges.end() || known->second.end > need.end)
                known = ranges.insert_or_assign(need.begin, Range { need.begin + 1, need.begin })
                            .first;
            Range& range = known->second;
            for (; range.end < need.end; ++range.end)
                range.last = later(range.last, range.end);
            last = later(last, range.last);
        }
        m_moments[std::size_t(operation)].lastNeed = last;
        m_moments[std::size_t(operation)].ready = last >= 0 ? end(last) : 0.0;
    }
}

double StepsTimes::progress(int operation, double time) const
{
    const double length = end(operation) - begin(operation);
    if (length <= 0)
        return time >= end(operation) ? 1.0 : 0.0;
    return std::clamp((time - begin(operation)) / length, 0.0, 1.0);
}

bool StepsTimes::changes(int operation, double from, double to) const
{
    const OperationState before = state(operation, from);
    const OperationState after = state(operation, to);
    return before != after || (after == OperationState::Running && from != to);
}

int StepsTimes::running(double time) const
{
    const double now = time + m_tolerance;
    return int(std::count_if(m_moments.begin(), m_moments.end(),
        [now](const Moments& moments) { return moments.begin <= now && now < moments.end; }));
}

} // namespace timestep
