// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/measurement/lane_timeline.h"

#include <cstdint>
#include <span>
#include <string>

namespace timestep {

/// The lanes of one of several runs that are written together.
struct NamedLanes
{
    std::string name; // "LSTM, 32 rows"
    const Plan* plan = nullptr;
    std::span<const LaneTimeline> lanes; // also those of threads that got nothing to do
    std::int64_t endNs = 0; // of the run
};

/// An interval a line: run,model,batch,lane,state,begin_ns,end_ns,cpu_ns. The state is work,
/// waiting_for_core, waiting_for_needs, barrier or nothing_to_do; intervals fill each lane from 0
/// to the end of its run, so that every share can be summed. cpu_ns is of work; what is missing to
/// its length, the thread waited for a core.
std::string lanesCsv(std::span<const NamedLanes> runs);

} // namespace timestep
