// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/plan_run.h"

#include "engine/execution/flush_to_zero.h"
#include "engine/execution/trace_recorder.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace timestep {

namespace {

/// A few µs: as long as slices of units that finish a step nearly together wait for each other.
/// Then the thread awaited may well be one that waits for this one's core.
constexpr int spinsBeforeYield = 128;

/// About as long as it takes to wake a sleeping thread.
constexpr auto spinBeforeSleep = std::chrono::microseconds(50);

void pauseThread() noexcept
{
#if defined(__SSE2__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

/// Which operations some task's first operation needs.
std::vector<std::uint8_t> operationsThatStartTasks(const Plan& plan, const TaskLists& tasks)
{
    std::vector<int> change(plan.operations().size() + 1);
    for (int task = 0; task < tasks.taskCount(); ++task) {
        for (const OperationRange& need : plan.needs(tasks.operations(task).front())) {
            ++change[static_cast<std::size_t>(need.begin)];
            --change[static_cast<std::size_t>(need.end)];
        }
    }
    std::vector<std::uint8_t> starts(plan.operations().size());
    int covering = 0;
    for (std::size_t operation = 0; operation < starts.size(); ++operation) {
        covering += change[operation];
        starts[operation] = covering > 0 ? 1 : 0;
    }
    return starts;
}

} // namespace

PlanRun::PlanRun(const Plan& plan, Computation& computation, int lanes, std::stop_token stop,
    TraceRecorder* recorder)
    : m_plan(plan)
    , m_computation(computation)
    , m_stop(std::move(stop))
    , m_recorder(recorder)
    , m_tasks(plan)
    , m_takesOnMore(tasksWaitForEachOther(plan))
    , m_startsTasks(operationsThatStartTasks(plan, m_tasks))
    , m_done(std::make_unique<std::atomic<std::uint8_t>[]>(plan.operations().size()))
    , m_tasksLeft(m_tasks.taskCount())
    , m_lanes(static_cast<std::size_t>(lanes))
    , m_readiness(plan)
    , m_onStop(m_stop, [this] {
        {
            const std::lock_guard lock(m_mutex);
        }
        m_wake.notify_all();
    })
{
    const auto tasks = static_cast<std::size_t>(m_tasks.taskCount());
    for (LaneState& lane : m_lanes)
        lane.held.reserve(m_takesOnMore ? tasks : 1);
    m_ready.reserve(tasks);
    for (int task = 0; task < m_tasks.taskCount(); ++task)
        if (m_readiness.readyOrWait(m_tasks.operations(task).front()))
            m_ready.push_back(task); // ascending: a heap
    m_readyCount = static_cast<int>(m_ready.size());
}

Outcome PlanRun::outcome() const
{
    return m_tasksLeft.load(std::memory_order_acquire) == 0 ? Outcome::Finished
                                                            : Outcome::Cancelled;
}

void PlanRun::work(int lane, int lanesPresent)
{
    begin(lanesPresent);
    // A thread that finds a left-over place at the line after the run is no worker of it.
    if (lane >= m_lanesAtStart && over())
        return;
    const FlushToZero flushToZero;
    LaneRecorder* recorder = m_recorder != nullptr ? &m_recorder->lane(lane) : nullptr;
    if (recorder != nullptr)
        recorder->enter();
    const Worker worker { lane, m_stop };
    LaneState& state = m_lanes[static_cast<std::size_t>(lane)];
    while (!over()) {
        const int task = waitForTask(lane);
        if (task == none)
            return;
        state.held.push_back({ task });
        workThrough(state, worker, recorder);
    }
}

/// The first who gets here begins the run: each lane at the line gets a task set aside, in the
/// order of the plan, so that lane and sub-batch have the same number whoever is quickest.
void PlanRun::begin(int lanesPresent)
{
    const std::lock_guard lock(m_mutex);
    if (m_lanesAtStart != none)
        return;
    m_lanesAtStart = lanesPresent;
    if (m_recorder != nullptr)
        m_recorder->begin();
    for (int lane = 0; lane < lanesPresent && !m_ready.empty(); ++lane)
        m_lanes[static_cast<std::size_t>(lane)].firstTask = popReady();
}

int PlanRun::popReady()
{
    std::pop_heap(m_ready.begin(), m_ready.end(), std::greater<>());
    const int task = m_ready.back();
    m_ready.pop_back();
    m_readyCount.store(static_cast<int>(m_ready.size()), std::memory_order_relaxed);
    return task;
}

int PlanRun::takeTask(int lane)
{
    LaneState& state = m_lanes[static_cast<std::size_t>(lane)];
    if (state.firstTask != none)
        return std::exchange(state.firstTask, none);
    if (m_readyCount.load(std::memory_order_relaxed) == 0)
        return none;
    const std::lock_guard lock(m_mutex);
    return m_ready.empty() ? none : popReady();
}

int PlanRun::waitForTask(int lane)
{
    using Clock = std::chrono::steady_clock;
    const auto sleepAt = Clock::now() + spinBeforeSleep;
    while (!over()) {
        const int task = takeTask(lane);
        if (task != none)
            return task;
        if (Clock::now() < sleepAt) {
            pauseThread();
            continue;
        }
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [&] { return !m_ready.empty() || over(); });
    }
    return none;
}

/// Until nothing is left that this worker has begun, or the run is stopped.
void PlanRun::workThrough(LaneState& state, const Worker& worker, LaneRecorder* recorder)
{
    std::size_t current = 0;
    std::size_t waiting = 0; // tasks in turn that could not go on
    while (!state.held.empty()) {
        const bool alone = state.held.size() == 1;
        switch (advance(state.held[current], alone, worker, recorder)) {
        case Progress::Stopped:
            return;
        case Progress::Done:
            state.held[current] = state.held.back();
            state.held.pop_back();
            current = 0;
            waiting = 0;
            taskDone();
            break;
        case Progress::Waits:
            if (const int task = takeTask(worker.lane); task != none) {
                state.held.push_back({ task });
                current = state.held.size() - 1;
                waiting = 0;
            } else {
                current = (current + 1) % state.held.size();
                if (++waiting >= state.held.size()) {
                    waiting = 0;
                    std::this_thread::yield();
                }
            }
            break;
        }
    }
}

PlanRun::Progress PlanRun::advance(
    HeldTask& held, bool alone, const Worker& worker, LaneRecorder* recorder)
{
    const auto operations = m_tasks.operations(held.task);
    for (; held.next < operations.size(); ++held.next) {
        const Progress needs = waitForNeeds(operations[held.next], alone);
        if (needs != Progress::Done)
            return needs;
        if (!runOperation(operations[held.next], worker, recorder))
            return Progress::Stopped;
    }
    return Progress::Done;
}

PlanRun::Progress PlanRun::waitForNeeds(int operation, bool alone) const
{
    for (int spins = 0; !needsDone(operation); ++spins) {
        if (m_stop.stop_requested())
            return Progress::Stopped;
        if (alone && spins < spinsBeforeYield)
            pauseThread();
        else if (m_takesOnMore)
            return Progress::Waits;
        else
            std::this_thread::yield();
    }
    return Progress::Done;
}

bool PlanRun::needsDone(int operation) const
{
    for (const OperationRange& need : m_plan.needs(operation))
        for (int other = need.end - 1; other >= need.begin; --other)
            if (m_done[static_cast<std::size_t>(other)].load(std::memory_order_acquire) == 0)
                return false;
    return true;
}

bool PlanRun::runOperation(int operation, const Worker& worker, LaneRecorder* recorder)
{
    // What is left when the stop came within an operation is no result.
    if (m_stop.stop_requested())
        return false;
    if (recorder != nullptr)
        recorder->beginOperation();
    m_computation.run(m_plan.operations()[static_cast<std::size_t>(operation)], worker);
    if (recorder != nullptr)
        recorder->endOperation(operation);
    if (m_stop.stop_requested())
        return false;
    m_done[static_cast<std::size_t>(operation)].store(1, std::memory_order_release);
    if (m_startsTasks[static_cast<std::size_t>(operation)] != 0)
        announce(operation);
    return true;
}

void PlanRun::announce(int operation)
{
    bool any = false;
    {
        const std::lock_guard lock(m_mutex);
        m_readiness.finish(operation, [&](int ready) {
            m_ready.push_back(m_plan.operations()[static_cast<std::size_t>(ready)].task);
            std::push_heap(m_ready.begin(), m_ready.end(), std::greater<>());
            any = true;
        });
        m_readyCount.store(static_cast<int>(m_ready.size()), std::memory_order_relaxed);
    }
    if (any)
        m_wake.notify_all();
}

void PlanRun::taskDone()
{
    if (m_tasksLeft.fetch_sub(1, std::memory_order_acq_rel) > 1)
        return;
    {
        const std::lock_guard lock(m_mutex);
    }
    m_wake.notify_all();
}

} // namespace timestep
