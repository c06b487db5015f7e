// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/plan.h"

#include "engine/error.h"
#include "engine/execution/plan_builder.h"

#include <algorithm>
#include <cassert>

namespace timestep {

PlanBuilder::PlanBuilder(const PlanShape& shape, const Cut& cut, std::size_t operations)
{
    m_plan.m_shape = shape;
    m_plan.m_cut = cut;
    m_plan.m_operations.reserve(operations);
    m_plan.m_firstNeed.reserve(operations + 1);
    m_plan.m_needs.reserve(2 * operations);
}

int PlanBuilder::add(Operation operation, std::span<const OperationRange> needs)
{
    const int index = nextOperation();
    if (m_plan.m_cut.grain == Grain::Fine)
        operation.task = index;
    m_plan.m_taskCount = std::max(m_plan.m_taskCount, operation.task + 1);
    m_plan.m_operations.push_back(operation);
    for (const OperationRange& range : needs) {
        assert(range.end <= index);
        if (range.begin < range.end)
            m_plan.m_needs.push_back(range);
    }
    m_plan.m_firstNeed.push_back(static_cast<int>(m_plan.m_needs.size()));
    return index;
}

Plan PlanBuilder::take() { return std::move(m_plan); }

int addReduction(PlanBuilder& builder, const PlanShape& shape, int layer, IndexRange parameters,
    std::span<const OperationRange> gradients, int task)
{
    const int subBatches = static_cast<int>(gradients.size());
    if (subBatches <= 1)
        return task;
    for (const IndexRange slice : evenParts(parameters.count(), subBatches)) {
        Operation operation;
        operation.kind = OperationKind::Reduction;
        operation.layer = layer;
        operation.rows = { 0, shape.rows };
        operation.parameters = { parameters.begin + slice.begin, parameters.begin + slice.end };
        operation.flops = static_cast<double>(slice.count()) * (subBatches - 1);
        operation.task = task++;
        builder.add(operation, gradients);
    }
    return task;
}

std::vector<IndexRange> evenParts(int count, int parts)
{
    std::vector<IndexRange> ranges;
    if (count <= 0)
        return ranges;
    parts = std::clamp(parts, 1, count);
    int begin = 0;
    for (int part = 0; part < parts; ++part) {
        const int size = count / parts + (part < count % parts ? 1 : 0);
        ranges.push_back({ begin, begin + size });
        begin += size;
    }
    return ranges;
}

std::vector<IndexRange> partsOfSize(IndexRange range, int size)
{
    std::vector<IndexRange> ranges;
    size = std::max(size, 1);
    for (int begin = range.begin; begin < range.end;) {
        const int end = std::min((begin / size + 1) * size, range.end);
        ranges.push_back({ begin, end });
        begin = end;
    }
    return ranges;
}

std::vector<IndexRange> subBatchRows(int rows, int subBatches)
{
    return evenParts(rows, subBatches);
}

std::vector<IndexRange> unitSlices(int units, int slices)
{
    constexpr int interleave = 16;
    const int groups = (units + interleave - 1) / interleave;
    if (slices > groups)
        return evenParts(units, slices);
    std::vector<IndexRange> ranges = evenParts(groups, slices);
    for (IndexRange& range : ranges)
        range = { range.begin * interleave, std::min(range.end * interleave, units) };
    return ranges;
}

namespace {

bool suits(Strategy strategy, ModelKind kind)
{
    switch (strategy) {
    case Strategy::Sequential:
    case Strategy::SubBatch:
        return true;
    case Strategy::HiddenSplit:
    case Strategy::LayerWavefront:
        return kind == ModelKind::Lstm;
    case Strategy::Head:
    case Strategy::QueryBlock:
        return kind == ModelKind::Attention;
    case Strategy::Auto:
        break;
    }
    return false;
}

Error unsuited(Strategy strategy, ModelKind kind)
{
    const bool lstm = kind == ModelKind::Lstm;
    return Error("strategy " + std::string(strategyName(strategy)) + " does not cut "
        + (lstm ? "an LSTM: use sequential, sub-batch, hidden-split or layer-wavefront"
                : "attention: use sequential, sub-batch, head or query-block"));
}

/// A wavefront overlaps the steps of different layers, and keeps every step of a text for it.
bool nothingToOverlap(Strategy strategy, const PlanShape& shape)
{
    return strategy == Strategy::LayerWavefront && shape.firstStep > 0 && shape.newSteps() <= 1;
}

/// The cut with the numbers of sub-batches and slices that there will really be.
Cut settled(Cut cut, const PlanShape& shape)
{
    const bool sequential = cut.strategy == Strategy::Sequential;
    cut.subBatches = sequential ? 1 : std::clamp(cut.subBatches, 1, std::max(shape.rows, 1));
    const auto clampedSlices = [&](int most, int finest) {
        return std::clamp(cut.slices > 0 ? cut.slices : finest, 1, std::max(most, 1));
    };
    const int groups = (shape.width + 15) / 16;
    if (cut.strategy == Strategy::HiddenSplit)
        cut.slices = clampedSlices(shape.training ? groups : shape.width, groups);
    else if (cut.strategy == Strategy::Head)
        cut.slices = clampedSlices(shape.heads, shape.heads);
    else
        cut.slices = 1;
    cut.stepsPerChunk = std::max(cut.stepsPerChunk, 1);
    cut.positionsPerBlock = std::max(cut.positionsPerBlock, 1);
    const bool rowByRow
        = cut.strategy == Strategy::Sequential || cut.strategy == Strategy::SubBatch;
    if (cut.grain == Grain::Fine || !rowByRow || cut.rowsTogether <= 0)
        cut.rowsTogether = std::max(shape.rows, 1);
    return cut;
}

} // namespace

Plan makePlan(const PlanShape& shape, const Cut& cut)
{
    if (!suits(cut.strategy, shape.kind))
        throw unsuited(cut.strategy, shape.kind);
    if (nothingToOverlap(cut.strategy, shape))
        throw Error("strategy layer-wavefront overlaps steps, and there is one only: use "
                    "sequential, sub-batch or hidden-split");
    if (shape.training && !trains(cut.strategy))
        throw Error("strategy " + std::string(strategyName(cut.strategy))
            + " does not train attention: use sequential or sub-batch");
    assert(!shape.training || shape.firstStep == 0);
    assert(!shape.updatesLayers
        || (cut.grain == Grain::Fine && shape.training && shape.ends.vocabulary == 0));
    assert(!shape.beingWritten || (cut.grain == Grain::Fine && shape.causal && !shape.training));
    assert(shape.brokenLink == 0 || (cut.grain == Grain::Fine && shape.kind == ModelKind::Lstm));
    assert(shape.firstStep >= 0 && shape.newSteps() >= 0);
    assert(shape.firstStep == 0 || shape.kind == ModelKind::Lstm || shape.causal);
    assert(shape.steps >= 0 && shape.rows >= 0 && shape.layers >= 0 && shape.width >= 0);
    const Cut settledCut = settled(cut, shape);
    return shape.kind == ModelKind::Lstm ? makeLstmPlan(shape, settledCut)
                                         : makeAttentionPlan(shape, settledCut);
}

} // namespace timestep
