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
    int tries = 1; // of which this one lost the least to other programs
};

/// A run that other programs disturb is tried again.
struct TraceTries
{
    int cores = 1; // of the machine
    int most = 1;
    double withinMs = 0; // another is begun until then
    double enough = 0.01; // share of the cores lost (CoreLoss): less needs no other try
};

/// Reads the text as runModel does, without predictions: first untimed until clock, caches and
/// workers are where a long run has them, then with tracing on, so that no wait in the trace is for
/// waking up: once, or as often as `tries` allows until little was lost to other programs, and the
/// least disturbed one is kept. Of the settings `record` and `trace` do not matter. `tokens` are at
/// most the model's context. Empty when stopped. Throws Error beyond the memory budget (before it
/// allocates), and where weights lead to numbers that are not finite.
std::optional<TracedText> traceText(const PackedModel& model, std::span<const Token> tokens,
    const RunSettings& settings, const TraceTries& tries, Executor& executor, std::stop_token stop);

} // namespace timestep
