// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_gradient_layout.h"
#include "engine/execution/plan_builder.h"

#include <algorithm>

namespace timestep {

namespace {

/// Lays out attention: per sub-batch, the keys and values of the first layer, then layer by layer
/// the blocks of positions. Each block includes the queries, keys and values of the layer above it.
/// In training the same rows go back through the layers after that; last comes the sum over the
/// sub-batches.
class AttentionPlanBuilder
{
public:
    AttentionPlanBuilder(const PlanShape& shape, const Cut& cut);
    Plan build();

private:
    bool fine() const { return m_cut.grain == Grain::Fine; }
    int blockSize() const { return fine() ? 1 : m_cut.positionsPerBlock; }
    bool byHead() const { return m_cut.strategy == Strategy::Head; }
    void addRows(IndexRange rows);
    void addWritten(IndexRange rows);
    void addKeysValues(IndexRange rows);
    void addBlocks(int layer, IndexRange rows);
    void addAttend(int layer, IndexRange rows);
    void addCombine(int layer, IndexRange rows);
    void addLoss(IndexRange rows);
    void addBackward(IndexRange rows);
    void addFineBackward(IndexRange rows);
    void addReductions();
    void addUpdates(std::span<const OperationRange> reductions);
    void addUpdateOfAll(OperationRange reductions);
    void add(Operation operation, std::initializer_list<OperationRange> needs);
    OperationRange keysSeenBy(IndexRange steps) const;
    double layerWeights() const; // those of products, of one layer
    int blockOf(int position) const; // of those that are computed, counted from the first
    double pairs(IndexRange steps) const; // of a query and a key it looks at
    double projectionFlops(
        int layer) const; // of one row and position, all but queries · keys · values
    std::size_t operationCount() const;

    PlanShape m_shape;
    Cut m_cut;
    std::vector<IndexRange> m_strips; // rows of each sub-batch
    std::vector<IndexRange> m_blocks; // positions, in the order of the plan
    std::vector<IndexRange> m_attended; // positions that one Attend covers
    std::vector<IndexRange> m_groups; // heads
    bool m_longestFirst = false; // m_blocks descends
    int m_task = 0; // of the sub-batch, or of the next operation
    OperationRange m_below; // the blocks of the layer below, in the order of m_blocks
    OperationRange m_chosenFrom; // while being written: the last layer of the position before
    std::vector<OperationRange> m_lastGradients; // per layer: what this sub-batch's rows added last
    std::vector<std::vector<OperationRange>> m_gradients; // per layer: those of each sub-batch
    OperationRange m_lastLoss; // of this sub-batch, in whole models
    SubBatchesDone m_done; // in whole models
    OperationRange m_attend; // strategy head: this layer's, positions outer, groups inner
    PlanBuilder m_builder;
};

AttentionPlanBuilder::AttentionPlanBuilder(const PlanShape& shape, const Cut& cut)
    : m_shape(shape)
    , m_cut(cut)
    , m_strips(subBatchRows(shape.rows, cut.subBatches))
    , m_blocks(partsOfSize({ shape.firstStep, shape.steps }, blockSize()))
    , m_attended(partsOfSize({ shape.firstStep, shape.steps }, fine() ? 1 : shape.steps))
    , m_groups(evenParts(std::max(shape.heads, 1), cut.slices))
    , m_lastGradients(static_cast<std::size_t>(shape.layers))
    , m_gradients(static_cast<std::size_t>(shape.layers))
    , m_builder(shape, cut, operationCount())
{
    // Late positions of a causal model look at more keys, unless a window bounds them. Workers take
    // the blocks in the order of the plan, and the costliest first leaves the small ones to fill
    // the end.
    m_longestFirst = m_cut.strategy == Strategy::QueryBlock && !fine() && m_shape.causal;
    if (m_longestFirst)
        std::reverse(m_blocks.begin(), m_blocks.end());
}

std::size_t AttentionPlanBuilder::operationCount() const
{
    const std::size_t attend = byHead() ? m_attended.size() * m_groups.size() : 0;
    std::size_t groupsOfRows = 0;
    for (const IndexRange strip : m_strips)
        groupsOfRows += partsOfSize(strip, m_cut.rowsTogether).size();
    const std::size_t layers = static_cast<std::size_t>(m_shape.layers);
    const std::size_t forward
        = groupsOfRows * (m_blocks.size() + layers * (m_blocks.size() + attend));
    const std::size_t training = layers * (2 * groupsOfRows + m_strips.size());
    const std::size_t losses = m_shape.ends.vocabulary > 0 ? groupsOfRows : 0;
    const std::size_t update = 4 * m_strips.size();
    return forward + losses + (m_shape.training ? training + update : 0);
}

Plan AttentionPlanBuilder::build()
{
    for (const IndexRange strip : m_strips) {
        m_lastGradients.assign(m_lastGradients.size(), {});
        m_lastLoss = {};
        for (const IndexRange rows : partsOfSize(strip, m_cut.rowsTogether)) {
            if (m_shape.beingWritten)
                addWritten(rows);
            else
                addRows(rows);
            if (m_shape.ends.vocabulary > 0)
                addLoss(rows);
            if (m_shape.training && fine())
                addFineBackward(rows);
            else if (m_shape.training)
                addBackward(rows);
        }
        for (std::size_t layer = 0; layer < m_gradients.size(); ++layer)
            m_gradients[layer].push_back(m_lastGradients[layer]);
        m_done.losses.push_back(m_lastLoss);
        if (m_cut.strategy == Strategy::Sequential || m_cut.strategy == Strategy::SubBatch)
            ++m_task;
    }
    if (m_shape.training)
        addReductions();
    return m_builder.take();
}

void AttentionPlanBuilder::addRows(IndexRange rows)
{
    addKeysValues(rows);
    for (int layer = 0; layer < m_shape.layers; ++layer) {
        if (byHead()) {
            addAttend(layer, rows);
            addCombine(layer, rows);
        } else {
            addBlocks(layer, rows);
        }
    }
}

/// Position by position, each through all layers.
void AttentionPlanBuilder::addWritten(IndexRange rows)
{
    m_chosenFrom = {};
    for (int position = m_shape.firstStep; position < m_shape.steps; ++position) {
        m_blocks = m_attended = { { position, position + 1 } };
        addRows(rows);
        m_chosenFrom = m_below;
    }
}

void AttentionPlanBuilder::add(Operation operation, std::initializer_list<OperationRange> needs)
{
    operation.task = m_task;
    m_builder.add(operation, needs);
    if (m_cut.strategy == Strategy::Head || m_cut.strategy == Strategy::QueryBlock)
        ++m_task;
}

void AttentionPlanBuilder::addKeysValues(IndexRange rows)
{
    const double width = m_shape.width;
    const int first = m_builder.nextOperation();
    for (const IndexRange steps : m_blocks) {
        Operation operation;
        operation.kind = OperationKind::KeysValues;
        operation.steps = steps;
        operation.rows = rows;
        operation.flops = 6 * width * width * rows.count() * steps.count();
        add(operation, { m_chosenFrom });
    }
    m_below = { first, m_builder.nextOperation() };
}

void AttentionPlanBuilder::addBlocks(int layer, IndexRange rows)
{
    const int first = m_builder.nextOperation();
    for (const IndexRange steps : m_blocks) {
        Operation operation;
        operation.kind = OperationKind::Block;
        operation.layer = layer;
        operation.steps = steps;
        operation.rows = rows;
        operation.flops = rows.count()
            * (4.0 * m_shape.width * pairs(steps) + projectionFlops(layer) * steps.count());
        add(operation, { keysSeenBy(steps) });
    }
    m_below = { first, m_builder.nextOperation() };
}

void AttentionPlanBuilder::addAttend(int layer, IndexRange rows)
{
    const double headWidth = static_cast<double>(m_shape.width) / std::max(m_shape.heads, 1);
    const int first = m_builder.nextOperation();
    for (const IndexRange steps : m_attended) {
        for (const IndexRange heads : m_groups) {
            Operation operation;
            operation.kind = OperationKind::Attend;
            operation.layer = layer;
            operation.steps = steps;
            operation.rows = rows;
            operation.heads = heads;
            operation.flops = 4 * headWidth * heads.count() * pairs(steps) * rows.count();
            add(operation, { keysSeenBy(steps) });
        }
    }
    m_attend = { first, m_builder.nextOperation() };
}

void AttentionPlanBuilder::addCombine(int layer, IndexRange rows)
{
    const int groups = static_cast<int>(m_groups.size());
    const int first = m_builder.nextOperation();
    for (const IndexRange steps : m_blocks) {
        Operation operation;
        operation.kind = OperationKind::Combine;
        operation.layer = layer;
        operation.steps = steps;
        operation.rows = rows;
        operation.flops = projectionFlops(layer) * rows.count() * steps.count();
        const int ownHeads = m_attend.begin + (steps.begin - m_shape.firstStep) * groups;
        const bool all = !fine() || m_shape.beingWritten;
        add(operation, { all ? m_attend : OperationRange { ownHeads, ownHeads + groups } });
    }
    m_below = { first, m_builder.nextOperation() };
}

/// In training the gradients of the head are one sum over the rows, and it is the loss that goes
/// back.
void AttentionPlanBuilder::addLoss(IndexRange rows)
{
    Operation operation;
    operation.kind = OperationKind::Loss;
    operation.layer = m_shape.layers;
    operation.steps = { m_shape.firstStep, m_shape.steps };
    operation.rows = rows;
    operation.flops = lossFlops(m_shape, rows.count() * m_shape.newSteps());
    const int index = m_builder.nextOperation();
    add(operation, { m_below, m_shape.training ? m_lastLoss : OperationRange {} });
    m_lastLoss = { index, index + 1 };
    m_below = m_lastLoss;
}

double AttentionPlanBuilder::layerWeights() const
{
    return (m_shape.bareLayer ? 4.0 : 12.0) * m_shape.width * m_shape.width;
}

/// Every position of a row hands gradients to the keys and values of those it looks at: a layer
/// goes back in one piece.
void AttentionPlanBuilder::addBackward(IndexRange rows)
{
    const IndexRange steps { 0, m_shape.steps };
    const double weights = layerWeights();
    const double positions = static_cast<double>(rows.count()) * m_shape.steps;
    OperationRange above = m_below; // the last layer's blocks, or the loss
    for (int layer = m_shape.layers - 1; layer >= 0; --layer) {
        OperationRange& gradients = m_lastGradients[static_cast<std::size_t>(layer)];
        Operation operation;
        operation.layer = layer;
        operation.steps = steps;
        operation.rows = rows;
        operation.task = m_task;
        operation.kind = OperationKind::BlockBackward;
        operation.flops
            = 2 * weights * positions + 8.0 * m_shape.width * pairs(steps) * rows.count();
        const int block = m_builder.add(operation, { above });
        above = { block, block + 1 };
        operation.kind = OperationKind::WeightGradients;
        operation.flops = 2 * weights * positions;
        const int added = m_builder.add(operation, { above, gradients });
        gradients = { added, added + 1 };
    }
    m_done.inputGradients.push_back(above);
}

/// Position by position: a block goes back from its output to its query and to what it adds to the
/// keys and values it looks at; a position's keys and values, and its query, then hand on what all
/// that look at them have added. In a layer no position waits for another one's way to its end.
void AttentionPlanBuilder::addFineBackward(IndexRange rows)
{
    const double square = static_cast<double>(m_shape.width) * m_shape.width;
    const double queriesKeysValues = 6 * square; // of a position
    const double weights = 2 * layerWeights(); // of a position
    const int steps = m_shape.steps;
    const auto addAll = [&](OperationKind kind, int layer, auto flops, auto needs) {
        const int first = m_builder.nextOperation();
        for (int step = 0; step < steps; ++step) {
            Operation operation;
            operation.kind = kind;
            operation.layer = layer;
            operation.steps = { step, step + 1 };
            operation.rows = rows;
            operation.flops = rows.count() * flops(operation.steps);
            m_builder.add(operation, { needs(step) });
        }
        return OperationRange { first, m_builder.nextOperation() };
    };
    OperationRange above = m_below; // the last layer's blocks, or the loss
    for (int layer = m_shape.layers - 1; layer >= 0; --layer) {
        const bool loss = above.end - above.begin < steps;
        const OperationRange blocks = addAll(
            OperationKind::BlockBackward, layer,
            [&](IndexRange step) {
                return weights - queriesKeysValues + 8.0 * m_shape.width * pairs(step);
            },
            [&](int step) {
                return loss ? above : OperationRange { above.begin + step, above.begin + step + 1 };
            });
        const auto lookers = [&](int step) {
            const IndexRange queries = m_shape.mask().queriesSeeing(step, steps);
            return OperationRange { blocks.begin + queries.begin, blocks.begin + queries.end };
        };
        above = addAll(
            OperationKind::InputBackward, layer, [&](IndexRange) { return queriesKeysValues; },
            lookers);
        m_lastGradients[static_cast<std::size_t>(layer)] = addAll(
            OperationKind::WeightGradients, layer, [&](IndexRange) { return weights; }, lookers);
    }
    m_done.inputGradients.push_back(above);
}

void AttentionPlanBuilder::addReductions()
{
    const AttentionGradientLayout layout(m_shape);
    std::vector<OperationRange> reductions(static_cast<std::size_t>(m_shape.layers));
    const int first = m_builder.nextOperation();
    for (int layer = m_shape.layers - 1; layer >= 0; --layer) {
        const int firstSlice = m_builder.nextOperation();
        const auto& gradients = m_gradients[static_cast<std::size_t>(layer)];
        m_task = addReduction(m_builder, m_shape, layer, layout.ofLayer(layer), gradients, m_task);
        reductions[static_cast<std::size_t>(layer)] = { firstSlice, m_builder.nextOperation() };
    }
    if (m_shape.ends.vocabulary > 0)
        addUpdateOfAll({ first, m_builder.nextOperation() });
    else if (m_shape.updatesLayers)
        addUpdates(reductions);
}

void AttentionPlanBuilder::addUpdates(std::span<const OperationRange> reductions)
{
    const AttentionGradientLayout layout(m_shape);
    std::vector<LayerGradients> layers;
    for (int layer = 0; layer < m_shape.layers; ++layer) {
        const auto index = static_cast<std::size_t>(layer);
        layers.push_back({ layout.ofLayer(layer),
            { m_strips.size() > 1 ? reductions[index] : m_lastGradients[index] } });
    }
    const int slices = static_cast<int>(m_strips.size());
    addLayerUpdates(m_builder, m_shape, layers, m_done.inputGradients, slices, m_task);
}

void AttentionPlanBuilder::addUpdateOfAll(OperationRange reductions)
{
    if (m_strips.size() > 1)
        m_done.gradients = { reductions };
    else
        m_done.gradients = m_lastGradients;
    addUpdate(m_builder, m_shape, m_done, static_cast<int>(m_strips.size()), m_task);
}

OperationRange AttentionPlanBuilder::keysSeenBy(IndexRange steps) const
{
    if (steps.count() == 0)
        return {};
    if (m_shape.beingWritten)
        return m_below;
    const IndexRange keys = m_shape.mask().keysSeenBy(steps, m_shape.steps);
    // Those before the first step are given.
    const int first = blockOf(std::max(keys.begin, m_shape.firstStep));
    const int end = blockOf(keys.end - 1) + 1;
    return m_longestFirst ? OperationRange { m_below.end - end, m_below.end - first }
                          : OperationRange { m_below.begin + first, m_below.begin + end };
}

int AttentionPlanBuilder::blockOf(int position) const
{
    return position / blockSize() - m_shape.firstStep / blockSize();
}

double AttentionPlanBuilder::pairs(IndexRange steps) const
{
    return m_shape.mask().pairs(steps, m_shape.steps);
}

double AttentionPlanBuilder::projectionFlops(int layer) const
{
    const double square = static_cast<double>(m_shape.width) * m_shape.width;
    const double output = 2 * square;
    const double feedForward = m_shape.bareLayer ? 0 : 16 * square;
    const double nextQueriesKeysValues = layer + 1 < m_shape.layers ? 6 * square : 0;
    return output + feedForward + nextQueriesKeysValues;
}

} // namespace

Plan makeAttentionPlan(const PlanShape& shape, const Cut& cut)
{
    return AttentionPlanBuilder(shape, cut).build();
}

} // namespace timestep
