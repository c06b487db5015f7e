// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"

#include <memory>
#include <stop_token>

namespace timestep {

/// Who runs an operation: the lane on screen, and when to give up.
struct Worker
{
    int lane = 0;
    std::stop_token stop; // polled inside an operation at least every 5 ms
};

/// What the operations of a plan compute. `run` is called from several threads at once, each time
/// with an operation whose needs are done.
class Computation
{
public:
    virtual ~Computation() = default;
    virtual void run(const Operation& operation, const Worker& worker) noexcept = 0;
};

enum class Outcome
{
    Finished,
    Cancelled
};

/// Runs executed plans on P threads of a oneTBB arena that meet at a start line: P distinct threads
/// also where the machine has fewer cores; results never depend on who ran what. One run at a time.
///
/// A worker takes the earliest ready task in the order of the plan and runs its operations in
/// order; one that must wait within a task spins briefly, then yields. It has one task at a time,
/// so that scratch memory may belong to lanes, except where tasks wait for each other
/// (hidden-split): there a worker that cannot go on takes on another task, and scratch memory
/// belongs to tasks. Workers with nothing to do sleep; a plan of a single task is run by the
/// calling thread alone. Denormal numbers are zero during a run.
class Executor
{
public:
    explicit Executor(int threads);
    ~Executor();

    int threads() const;

    /// Keeps all workers awake for about `milliseconds`, so that a timed run does not pay for
    /// waking them.
    void warmUp(double milliseconds);

    /// Cancelled within 10 ms of a stop request. With `trace`, the spans that really ran; without,
    /// tracing costs nothing.
    Outcome run(
        const Plan& plan, Computation& computation, std::stop_token stop, Trace* trace = nullptr);

private:
    class Pool;
    std::unique_ptr<Pool> m_pool;
};

} // namespace timestep
