// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"

#include <cstdint>
#include <vector>

namespace timestep {

/// What a worker did at a moment of a run, or what it waited for.
enum class LaneState : std::uint8_t
{
    Work, // an operation ran
    WaitingForCore, // there was something to run, but the thread had no core or was still waking up
    WaitingForNeeds, // for what another worker computed: all that was left to do needed it
    Barrier, // the same in hidden-split: for the other slices of a step
    NothingToDo // all that was to be done had been begun by others
};
inline constexpr int laneStateCount = 5;

/// Work of one span, or a wait between two.
struct LaneInterval
{
    std::int64_t beginNs = 0; // since the run began
    std::int64_t endNs = 0;
    /// Work: processor time of the span. What is missing to its length, the thread waited for a
    /// core; when within the span is not recorded.
    std::int64_t cpuNs = 0;
    int span = -1; // whose work, or which one waited within its task; −1: a wait for a task
    LaneState state = LaneState::Work;
};

/// Handing over takes a few microseconds, however many cores there are; a thread that has lost its
/// core is away for longer than that. Shorter breaks are not a wait for a core.
inline constexpr std::int64_t shortestCoreWaitNs = 20'000;

/// The end of the last span.
std::int64_t runEndNs(const Trace& trace);

/// Of each lane of the trace what it did from the begin to the end of the run, in order and without
/// overlap; what lies between is NothingToDo. A gap between two spans is told apart by the plan: an
/// operation within a task may have waited for its needs (from the end of the span before until the
/// last of them was done), a worker without a task for any task that was ready, and for any to
/// become so. The task that a worker is given at the start line is its own from the begin.
std::vector<std::vector<LaneInterval>> laneStates(const Plan& plan, const Trace& trace);

} // namespace timestep
