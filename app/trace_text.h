// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"
#include "engine/kernels/kernels.h"

#include <string>

namespace timestep {

/// Lanes, spans with what they needed, and the critical path: the trace as it is promised to stay.
std::string traceJson(const Plan& plan, const Trace& trace);

/// The trace event format of Chrome, which Perfetto reads: a complete event for each span.
std::string traceChrome(const Plan& plan, const Trace& trace);

/// For people: how busy each lane was, and how long the critical path took, with these kernels.
std::string traceSummary(const Plan& plan, const Trace& trace, const Kernels& kernels);

} // namespace timestep
