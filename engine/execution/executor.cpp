// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/executor.h"

#include "engine/execution/plan_run.h"
#include "engine/execution/start_line.h"
#include "engine/execution/trace_recorder.h"
#include "engine/execution/worker_allowance.h"

#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <cassert>
#include <chrono>

namespace timestep {

class Executor::Pool
{
public:
    explicit Pool(int threads)
        : m_threads(threads)
        , m_allowance(threads)
        , m_arena(threads)
    {
    }

    int threads() const { return m_threads; }

    /// body(lane, lanes that have come to the start line) on each thread, the caller's among them.
    template <typename Body>
    void onAllThreads(const std::stop_token& stop, const Body& body)
    {
        StartLine startLine(m_threads);
        const auto lane = [&] {
            const int number = startLine.arrive();
            body(number, startLine.wait(stop));
        };
        m_arena.execute([&] {
            tbb::task_group group;
            for (int other = 1; other < m_threads; ++other)
                group.run(lane);
            lane();
            group.wait();
        });
    }

private:
    int m_threads;
    WorkerAllowance m_allowance;
    tbb::task_arena m_arena;
};

Executor::Executor(int threads)
    : m_pool(std::make_unique<Pool>(std::max(threads, 1)))
{
}

Executor::~Executor() = default;

int Executor::threads() const { return m_pool->threads(); }

void Executor::warmUp(double milliseconds)
{
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double, std::milli>(milliseconds);
    m_pool->onAllThreads({}, [&](int, int) {
        while (Clock::now() < end) { }
    });
}

Outcome Executor::run(
    const Plan& plan, Computation& computation, std::stop_token stop, Trace* trace)
{
    assert(plan.cut().grain == Grain::Executed);
    std::unique_ptr<TraceRecorder> recorder;
    if (trace != nullptr)
        recorder = std::make_unique<TraceRecorder>(
            threads(), static_cast<int>(plan.operations().size()));
    PlanRun run(plan, computation, threads(), stop, recorder.get());
    // Nobody else would find anything to do. The caller wakes them only to be seen idle.
    if (plan.taskCount() == 1 && trace == nullptr)
        run.work(0, 1);
    else
        m_pool->onAllThreads(stop, [&](int lane, int present) { run.work(lane, present); });
    if (trace != nullptr)
        *trace = recorder->finish();
    return run.outcome();
}

} // namespace timestep
