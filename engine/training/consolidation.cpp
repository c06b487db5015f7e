// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/consolidation.h"

#include "engine/execution/product_of_sizes.h"

#include <algorithm>

namespace timestep {

namespace {

bool isModelParallel(const Plan& plan)
{
    const Strategy strategy = plan.cut().strategy;
    return strategy == Strategy::HiddenSplit || strategy == Strategy::LayerWavefront;
}

bool consolidates(const Operation& operation)
{
    return operation.kind == OperationKind::Reduction || operation.kind == OperationKind::Averaging;
}

/// Hidden states, or their gradients, of all layers.
std::size_t statesOf(const PlanShape& shape, int layers)
{
    return product({ layers, shape.rows, shape.steps, shape.width });
}

} // namespace

std::size_t bytesMoved(const Plan& plan)
{
    const PlanShape& shape = plan.shape();
    const auto subBatches = static_cast<std::size_t>(plan.cut().subBatches);
    std::size_t numbers = 0;
    for (const Operation& operation : plan.operations()) {
        const auto parameters = static_cast<std::size_t>(operation.parameters.count());
        if (operation.kind == OperationKind::Reduction)
            numbers += (subBatches + 1) * parameters;
        else if (operation.kind == OperationKind::Averaging)
            numbers += 2 * subBatches * parameters;
    }
    if (plan.cut().strategy == Strategy::HiddenSplit)
        numbers += 5 * static_cast<std::size_t>(std::max(plan.cut().slices - 1, 0))
            * statesOf(shape, shape.layers);
    else if (plan.cut().strategy == Strategy::LayerWavefront)
        numbers += 2 * statesOf(shape, std::max(shape.layers - 1, 0));
    return numbers * sizeof(float);
}

double consolidationShare(const Plan& plan, const Trace& trace)
{
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t consolidating = 0;
    std::int64_t busy = 0;
    for (const Span& span : trace.spans) {
        begin = busy == 0 ? span.beginNs : std::min(begin, span.beginNs);
        end = std::max(end, span.endNs);
        const std::int64_t duration = span.endNs - span.beginNs;
        busy += duration;
        if (consolidates(plan.operations()[static_cast<std::size_t>(span.operation)]))
            consolidating += duration;
    }
    const double all = static_cast<double>(trace.lanes.size()) * static_cast<double>(end - begin);
    if (all <= 0)
        return 0;
    const double waiting = isModelParallel(plan) ? all - static_cast<double>(busy) : 0;
    return std::clamp((static_cast<double>(consolidating) + waiting) / all, 0.0, 1.0);
}

Consolidation consolidationOf(const Plan& plan, const Trace& trace)
{
    return { bytesMoved(plan), consolidationShare(plan, trace) };
}

} // namespace timestep
