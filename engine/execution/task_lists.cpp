// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/task_lists.h"

#include "engine/execution/needs_sweep.h"

namespace timestep {

TaskLists::TaskLists(const Plan& plan)
    : m_first(static_cast<std::size_t>(plan.taskCount()) + 1)
    , m_operations(plan.operations().size())
{
    const auto operations = plan.operations();
    for (const Operation& operation : operations)
        ++m_first[static_cast<std::size_t>(operation.task) + 1];
    for (std::size_t task = 1; task < m_first.size(); ++task)
        m_first[task] += m_first[task - 1];
    std::vector<int> next(m_first.begin(), m_first.end() - 1);
    for (std::size_t index = 0; index < operations.size(); ++index) {
        int& position = next[static_cast<std::size_t>(operations[index].task)];
        m_operations[static_cast<std::size_t>(position++)] = static_cast<int>(index);
    }
}

bool tasksWaitForEachOther(const Plan& plan)
{
    bool wait = false;
    sweepForward<int>(plan, [&](int operation, int latestTaskNeeded) {
        const int task = plan.operations()[static_cast<std::size_t>(operation)].task;
        wait = wait || latestTaskNeeded > task;
        return task;
    });
    return wait;
}

} // namespace timestep
