// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/bare_layer.h"
#include "engine/execution/executor.h"
#include "engine/execution/plan.h"
#include "engine/kernels/kernels.h"

#include <vector>

namespace timestep {

inline PlanShape bareLstm(int layers, int width, int steps, int rows)
{
    PlanShape shape;
    shape.kind = ModelKind::Lstm;
    shape.layers = layers;
    shape.width = width;
    shape.steps = steps;
    shape.rows = rows;
    return shape;
}

inline PlanShape bareAttention(int layers, int width, int heads, int steps, int rows, bool causal)
{
    PlanShape shape = bareLstm(layers, width, steps, rows);
    shape.kind = ModelKind::Attention;
    shape.heads = heads;
    shape.causal = causal;
    return shape;
}

/// Likewise with what `mask` hides.
inline PlanShape masked(PlanShape shape, const AttentionMask& mask)
{
    shape.causal = mask.causal;
    shape.attentionWindow = mask.window;
    return shape;
}

inline Cut cutOf(Strategy strategy, int subBatches, int chunk = 16, int block = 64, int slices = 2)
{
    Cut cut;
    cut.strategy = strategy;
    cut.grain = Grain::Executed;
    cut.subBatches = subBatches;
    cut.slices = slices;
    cut.stepsPerChunk = chunk;
    cut.positionsPerBlock = block;
    return cut;
}

inline std::size_t outputSize(const PlanShape& shape)
{
    return static_cast<std::size_t>(shape.rows) * shape.steps * shape.width;
}

/// The steps before the last are there already.
inline PlanShape oneMore(PlanShape shape)
{
    shape.firstStep = shape.steps - 1;
    return shape;
}

/// (B, T, width) of layers run as `cut` says.
inline std::vector<float> outputOf(BareLayer& layer, const Cut& cut, Executor& executor)
{
    const Plan plan = makePlan(layer.shape(), cut);
    MemoryAccount account;
    const auto computation = layer.prepare(plan, executor.threads(), account);
    executor.run(plan, *computation, {});
    return { layer.output(), layer.output() + outputSize(layer.shape()) };
}

} // namespace timestep
