// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/readiness.h"
#include "engine/execution/task_lists.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace timestep {

class LaneRecorder;
class TraceRecorder;

/// One run of an executed plan, shared by its workers. All memory is set aside in the constructor.
///
/// Two ways of handing over. Between operations of tasks that have begun: one atomic flag an
/// operation, polled. For tasks that have not: Readiness under the mutex, touched only by
/// operations that some task's first operation waits for.
class PlanRun
{
public:
    PlanRun(const Plan& plan, Computation& computation, int lanes, std::stop_token stop,
        TraceRecorder* recorder);

    /// A worker's whole part. `lanesPresent`: how many have come to the start line.
    void work(int lane, int lanesPresent);

    Outcome outcome() const;

private:
    static constexpr int none = -1;

    /// A task that a worker has begun, and where it stands in it.
    struct HeldTask
    {
        int task = none;
        std::size_t next = 0; // operation, as an index into the task's list
    };
    struct LaneState
    {
        int firstTask = none; // set aside for it at the start line
        std::vector<HeldTask> held;
    };
    enum class Progress
    {
        Done,
        Waits,
        Stopped
    };

    bool over() const
    {
        return m_tasksLeft.load(std::memory_order_acquire) == 0 || m_stop.stop_requested();
    }
    void begin(int lanesPresent);
    int waitForTask(int lane); // none: the run is over
    int takeTask(int lane); // none: none is ready
    int popReady();
    void workThrough(LaneState& state, const Worker& worker, LaneRecorder* recorder);
    Progress advance(HeldTask& held, bool alone, const Worker& worker, LaneRecorder* recorder);
    Progress waitForNeeds(int operation, bool alone) const; // Done: all of them are
    bool needsDone(int operation) const;
    bool runOperation(
        int operation, const Worker& worker, LaneRecorder* recorder); // false: stopped
    void announce(int operation);
    void taskDone();

    const Plan& m_plan;
    Computation& m_computation;
    std::stop_token m_stop;
    TraceRecorder* m_recorder;
    const TaskLists m_tasks;
    const bool m_takesOnMore; // tasks wait for each other
    std::vector<std::uint8_t> m_startsTasks; // per operation: a first operation needs it
    std::unique_ptr<std::atomic<std::uint8_t>[]> m_done; // per operation
    std::atomic<int> m_tasksLeft;
    std::atomic<int> m_readyCount { 0 }; // entries of m_ready, to look at without the mutex
    std::vector<LaneState> m_lanes;

    std::mutex m_mutex; // guards what follows
    std::condition_variable m_wake;
    Readiness m_readiness;
    std::vector<int> m_ready; // a heap of tasks, the earliest on top
    int m_lanesAtStart = none;

    std::stop_callback<std::function<void()>> m_onStop; // last: it uses the others
};

} // namespace timestep
