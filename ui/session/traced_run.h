// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"
#include "engine/measurement/core_loss.h"
#include "engine/measurement/critical_path.h"
#include "engine/measurement/lane_timeline.h"
#include "engine/model/model.h"
#include "engine/text/token.h"
#include "ui/session/ready_pair.h"
#include "ui/session/settings.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace timestep {

/// Both models reading one text, to be watched.
struct TraceRequest
{
    ModelPair models;
    std::vector<Token> tokens; // of the window
    IndexRange window; // of the text
    Settings settings;
    int cores = 1; // of this machine
    bool singleSteps = false; // in the smallest operations there are

    /// Whether its runs would be of the same things in the same way.
    bool sameAs(const TraceRequest& other) const;
};

/// One model's reading of some rows, as it really ran, and what is drawn of it.
struct TracedGroup
{
    ModelKind kind = ModelKind::Lstm;
    int rows = 1; // B
    Plan plan; // as executed
    Trace trace;
    std::int64_t endNs = 0; // of the last span
    /// One a thread: first the trace's lanes, then, empty, those of threads that did not come.
    std::vector<LaneTimeline> lanes;
    std::vector<int> spanOfOperation;
    SpanTime pathTime = SpanTime::Wall; // processor time where threads outnumber cores
    std::vector<int> criticalPath; // spans, by `pathTime`
    std::int64_t pathNs = 0; // what they took together, by `pathTime`
    CoreLoss loss; // to other programs
    int tries = 1; // of which this one lost the least

    const Operation& operationOf(int span) const;
    LaneTotals totals(double beginNs, double endOfRangeNs) const; // of all lanes
    LaneTotals totals() const { return totals(0, static_cast<double>(endNs)); }
    /// Whether other programs had so much of the cores that the run tells nothing about them.
    bool disturbed() const { return loss.share() > 0.05; }
    std::size_t bytes() const; // about
};

/// Works out what is drawn of a trace. `threads` of the executor, `cores` of the machine.
TracedGroup tracedGroup(Plan plan, Trace trace, int threads, int cores);

/// All rows by both models, then one row by both; of one row only the one. Finished and immutable.
struct TracedRun
{
    int number = 0; // 1, 2, … in the order they were run
    TraceRequest request;
    std::vector<TracedGroup> groups; // LSTM and attention of B rows, then of one row
    std::vector<double> moments; // ms, ascending: where a span of any group begins or ends
    double durationMs = 0; // of the longest group

    bool disturbed() const; // any group
    std::size_t bytes() const;
};
using TracedRunPointer = std::shared_ptr<const TracedRun>;

/// Runs them on threads and weights that are `ready` for it; a group that other programs disturb
/// several times, of which the least disturbed one is kept. Empty when stopped. Throws Error.
std::optional<TracedRun> traceRun(
    const TraceRequest& request, ReadyPair& ready, const std::stop_token& stop);

} // namespace timestep
