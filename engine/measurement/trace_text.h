// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"

#include <span>
#include <string>

namespace timestep {

/// Lanes, spans with what they needed, and the critical path: the trace as it is promised to stay.
std::string traceJson(const Plan& plan, const Trace& trace);

/// The trace event format of Chrome, which Perfetto reads: a complete event for each span.
std::string traceChrome(const Plan& plan, const Trace& trace);

/// One of several runs that are written together.
struct NamedTrace
{
    std::string name; // "LSTM, 32 rows"
    const Plan* plan = nullptr;
    const Trace* trace = nullptr;
};

/// {"runs":[{"name","model","rows","sub_batches","strategy", and what traceJson has}]}.
std::string tracesJson(std::span<const NamedTrace> runs);
std::string tracesChrome(std::span<const NamedTrace> runs); // a process each
/// A span a line: run,model,batch,operation,layer,first_step,last_step,first_row,last_row,
/// first_head,last_head,first_unit,last_unit,lane,begin_ns,end_ns,cpu_ns; what does not apply is
/// empty.
std::string tracesCsv(std::span<const NamedTrace> runs);

} // namespace timestep
