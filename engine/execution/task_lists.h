// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <span>
#include <vector>

namespace timestep {

/// The operations of each task of a plan, in order.
class TaskLists
{
public:
    explicit TaskLists(const Plan& plan);

    int taskCount() const { return static_cast<int>(m_first.size()) - 1; }
    std::span<const int> operations(int task) const
    {
        const int* first = m_first.data() + task;
        return { m_operations.data() + first[0], m_operations.data() + first[1] };
    }

private:
    std::vector<int>
        m_first; // of task i: m_operations[m_first[i]] … m_operations[m_first[i + 1] − 1]
    std::vector<int> m_operations;
};

/// Whether some task waits for a later one. Where none does, workers that take ready tasks in the
/// order of the plan never block each other: the first unfinished task has all it needs. Where some
/// do (slices of units, which wait for each other at every step), a worker that cannot go on must
/// take on another task.
bool tasksWaitForEachOther(const Plan& plan);

} // namespace timestep
