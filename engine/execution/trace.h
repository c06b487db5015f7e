// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace timestep {

/// One operation as it really ran: fact, as against the plan.
struct Span
{
    int operation = 0; // index into the executed plan
    int lane = 0; // index into Trace::lanes
    std::int64_t beginNs = 0; // since the run began
    std::int64_t endNs = 0;
    // Processor time of the thread, at most endNs − beginNs, and less where it waited for a core.
    // Waits shorter than 200 readings of that clock (50 to 250 µs) may not show: see
    // trace_recorder.h.
    std::int64_t cpuNs = 0;
};

struct Lane
{
    int lane = 0;
    std::int64_t thread = 0; // the system's id of the thread that really ran
};

/// What happened in one run, as against its plan.
struct Trace
{
    std::vector<Lane> lanes; // all threads that came, also those that found nothing to do
    std::vector<Span> spans; // by begin
};

} // namespace timestep
