// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"

#include <optional>
#include <span>
#include <stop_token>

namespace timestep {

/// One reading of a text by a model, watched.
struct TracedText
{
    Plan plan; // as executed
    Trace trace;
};

/// Reads the text as runModel does, without predictions: first untimed until clock, caches and
/// workers are where a long run has them, then once with tracing on, so that no wait in the trace
/// is for waking up. Of the settings `record` and `trace` do not matter. `tokens` are at most the
/// model's context. Empty when stopped. Throws Error beyond the memory budget (before it
/// allocates), and where weights lead to numbers that are not finite.
std::optional<TracedText> traceText(const PackedModel& model, std::span<const Token> tokens,
    const RunSettings& settings, Executor& executor, std::stop_token stop);

} // namespace timestep
