// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_times.h"

#include "engine/execution/needs_sweep.h"

#include <algorithm>
#include <compare>

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
    struct Need
    {
        double end = 0;
        int operation = -1; // of those that end at once, the last
        auto operator<=>(const Need&) const = default;
    };
    sweepForward<Need>(plan, [this](int operation, const Need& last) {
        Moments& moments = m_moments[std::size_t(operation)];
        moments.lastNeed = last.operation;
        moments.ready = last.end;
        return Need { moments.end, operation };
    });
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
