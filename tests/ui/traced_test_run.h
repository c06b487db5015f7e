// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/traced_run.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace timestep {

struct TestSpan
{
    int operation = 0;
    int lane = 0;
    int beginUs = 0, endUs = 0;
    int cpuUs = -1; // −1: all of it
};

/// A group of a plan at the executed grain, with spans as given.
inline TracedGroup testGroup(const PlanShape& shape, Cut cut, const std::vector<TestSpan>& spans,
    int lanes, int threads, int cores)
{
    cut.grain = Grain::Executed;
    Trace trace;
    for (int lane = 0; lane < lanes; ++lane)
        trace.lanes.push_back({ lane, 100 + lane });
    for (const TestSpan& span : spans) {
        const int cpu = span.cpuUs < 0 ? span.endUs - span.beginUs : span.cpuUs;
        trace.spans.push_back({ span.operation, span.lane, span.beginUs * 1000LL,
            span.endUs * 1000LL, cpu * 1000LL });
    }
    std::stable_sort(trace.spans.begin(), trace.spans.end(),
        [](const Span& a, const Span& b) { return a.beginNs < b.beginNs; });
    return tracedGroup(makePlan(shape, cut), std::move(trace), threads, cores);
}

inline PlanShape testShape(ModelKind kind, int rows, int steps)
{
    PlanShape shape;
    shape.kind = kind;
    shape.width = shape.inputWidth = 32;
    shape.heads = kind == ModelKind::Attention ? 2 : 0;
    shape.steps = steps;
    shape.rows = rows;
    return shape;
}

/// Each operation of the plan after the other, on its sub-batch's lane, `us` long.
inline TracedGroup testGroupByTasks(const PlanShape& shape, Cut cut, int us, int threads, int cores)
{
    cut.grain = Grain::Executed;
    const Plan plan = makePlan(shape, cut);
    std::vector<TestSpan> spans;
    std::vector<int> free(static_cast<std::size_t>(threads), 0);
    int lanes = 0;
    for (int i = 0; i < static_cast<int>(plan.operations().size()); ++i) {
        const int lane = plan.operations()[static_cast<std::size_t>(i)].task % threads;
        int& begin = free[static_cast<std::size_t>(lane)];
        spans.push_back({ i, lane, begin, begin + us });
        begin += us;
        lanes = std::max(lanes, lane + 1);
    }
    return testGroup(shape, cut, spans, lanes, threads, cores);
}

/// LSTM and attention with 8 rows in `threads` sub-batches, and with one.
inline TracedRunPointer testRun(int threads, int cores, int number = 1)
{
    auto run = std::make_shared<TracedRun>();
    run->number = number;
    run->request.settings.threads = threads;
    run->request.settings.rows = 8;
    run->request.cores = cores;
    for (const int rows : { 8, 1 }) {
        for (const ModelKind kind : { ModelKind::Lstm, ModelKind::Attention }) {
            Cut cut;
            cut.subBatches = std::min(threads, rows);
            cut.stepsPerChunk = 4;
            run->groups.push_back(
                testGroupByTasks(testShape(kind, rows, 16), cut, 50, threads, cores));
            run->durationMs
                = std::max(run->durationMs, static_cast<double>(run->groups.back().endNs) * 1e-6);
        }
    }
    return run;
}

} // namespace timestep
