// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"

#include <vector>

namespace timestep {

/// An LSTM's executed plan at chunks of two steps, of rows that are a sub-batch each.
inline Plan chunkedLstmPlan(int subBatches, int chunks, Strategy strategy = Strategy::SubBatch,
    int layers = 1, int slices = 0)
{
    PlanShape shape;
    shape.kind = ModelKind::Lstm;
    shape.layers = layers;
    shape.width = shape.inputWidth = slices > 1 ? 16 * slices : 4;
    shape.steps = 2 * chunks;
    shape.rows = subBatches;
    Cut cut;
    cut.strategy = strategy;
    cut.grain = Grain::Executed;
    cut.subBatches = subBatches;
    cut.slices = slices;
    cut.stepsPerChunk = 2;
    return makePlan(shape, cut);
}

/// Lanes 0 … lanes − 1, and the spans given, which must be by begin.
inline Trace traceOf(int lanes, std::vector<Span> spans)
{
    Trace trace;
    for (int lane = 0; lane < lanes; ++lane)
        trace.lanes.push_back({ lane, 100 + lane });
    trace.spans = std::move(spans);
    return trace;
}

} // namespace timestep
