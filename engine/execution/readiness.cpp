// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/readiness.h"

#include <numeric>
#include <utility>

namespace timestep {

Readiness::Readiness(const Plan& plan)
    : m_plan(plan)
    , m_latest(plan.operations().size() + 1)
    , m_firstWaiting(plan.operations().size(), none)
    , m_nextWaiting(plan.operations().size(), none)
{
    std::iota(m_latest.begin(), m_latest.end(), 0);
}

bool Readiness::readyOrWait(int operation)
{
    for (const OperationRange& need : m_plan.needs(operation)) {
        const int unfinished = latestUnfinishedBefore(need.end);
        if (unfinished < need.begin)
            continue;
        int& first = m_firstWaiting[static_cast<std::size_t>(unfinished)];
        m_nextWaiting[static_cast<std::size_t>(operation)] = first;
        first = operation;
        return false;
    }
    return true;
}

int Readiness::latestUnfinishedBefore(int end)
{
    int root = end;
    while (m_latest[static_cast<std::size_t>(root)] != root)
        root = m_latest[static_cast<std::size_t>(root)];
    while (m_latest[static_cast<std::size_t>(end)] != root)
        end = std::exchange(m_latest[static_cast<std::size_t>(end)], root);
    return root - 1;
}

} // namespace timestep
