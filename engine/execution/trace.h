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
    std::int64_t cpuNs = 0; // processor time of the thread; less than wall time where it waited for a core
};

struct Lane
{
    int lane = 0;
    std::int64_t thread = 0; // the system's id of the thread that really ran
};

struct Trace
{
    std::vector<Lane> lanes;
    std::vector<Span> spans; // by begin
};

} // namespace timestep
