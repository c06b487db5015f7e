// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <span>
#include <vector>

namespace timestep {

/// Which operations are done and which wait, without ever expanding a range of needs: a waiting
/// operation is kept with the latest unfinished one it needs, and looked at again when that is
/// done. Allocates in the constructor only. Not thread-safe.
class Readiness
{
public:
    explicit Readiness(const Plan& plan);

    /// True where all needs are done. Otherwise the operation waits, and finish() will name it
    /// once.
    bool readyOrWait(int operation);

    /// `operation` is done: becameReady(waiting operation) for each that now has all it needs.
    template <typename BecameReady> void finish(int operation, BecameReady&& becameReady)
    {
        m_latest[static_cast<std::size_t>(operation) + 1] = operation;
        int waiting = m_firstWaiting[static_cast<std::size_t>(operation)];
        m_firstWaiting[static_cast<std::size_t>(operation)] = none;
        while (waiting != none) {
            const int next = m_nextWaiting[static_cast<std::size_t>(waiting)];
            if (readyOrWait(waiting))
                becameReady(waiting);
            waiting = next;
        }
    }

private:
    static constexpr int none = -1;
    int latestUnfinishedBefore(int end);

    const Plan& m_plan;
    // Disjoint sets: m_latest[i] = i while operation i − 1 is unfinished, else some smaller entry
    // that leads to the latest unfinished operation before it. Entry 0: there is none.
    std::vector<int> m_latest;
    std::vector<int> m_firstWaiting; // per operation: who waits for it
    std::vector<int> m_nextWaiting; // per waiting operation: the next one that waits for the same
};

} // namespace timestep
