// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/lstm_gradient_layout.h"
#include "engine/execution/plan_builder.h"

#include <algorithm>

namespace timestep {

namespace {

/// Lays out an LSTM: chunk by chunk and layer by layer, the input halves of a chunk, then its
/// recurrent halves. A chunk is one step at the fine grain. In training all of it backwards after
/// that, from the last chunk and the last layer on, then the sum over the sub-batches.
class LstmPlanBuilder
{
public:
    LstmPlanBuilder(const PlanShape& shape, const Cut& cut);
    Plan build();

private:
    bool fine() const { return m_cut.grain == Grain::Fine; }
    bool split() const { return m_cut.strategy == Strategy::HiddenSplit; }
    int chain(int strip, int layer) const { return strip * m_shape.layers + layer; }
    std::size_t lossIndex(int strip, int chunk) const
    {
        return static_cast<std::size_t>(strip) * m_chunks.size() + static_cast<std::size_t>(chunk);
    }
    int chunkCount() const { return static_cast<int>(m_chunks.size()); }
    /// Whether nothing passes between a step and the one before it.
    bool brokenBefore(int step) const { return step > 0 && step == m_shape.brokenLink; }
    int taskOf(int strip, int chunk, int layer, int slice) const;
    int backwardTaskOf(int strip, int chunk, int layer, int slice) const;
    void addForward(IndexRange strips);
    void addChunk(int strip, int chunk, int layer);
    OperationRange addInputHalves(int strip, int chunk, int layer);
    void addRecurrentHalves(
        int strip, int chunk, int layer, IndexRange steps, OperationRange inputs);
    void addLoss(int strip, int chunk);
    void addBackward(IndexRange strips);
    OperationRange addGateGradients(int strip, int chunk, int layer);
    void addInputGradients(int strip, int chunk, int layer, OperationRange gates);
    OperationRange addWeightGradients(
        int strip, int chunk, int layer, OperationRange gates, OperationRange before);
    void addGradientsTogether(int strip, std::span<const OperationRange> gates);
    Operation backwardOperation(
        OperationKind kind, int strip, int chunk, int layer, int slice) const;
    OperationRange fromAbove(int strip, int chunk, int layer, int slice) const;
    void addReductions();
    void addUpdates(std::span<const OperationRange> reductions, int task);
    void addUpdateOfAll(OperationRange reductions, int task);
    double inputFlops(int layer) const; // of one row, step and unit
    std::vector<IndexRange> inputSlices(int layer) const;
    int inputsOf(int layer) const { return layer == 0 ? m_shape.inputWidth : m_shape.width; }
    std::size_t operationCount() const;

    PlanShape m_shape;
    Cut m_cut;
    std::vector<IndexRange> m_strips; // rows of each sub-batch
    std::vector<IndexRange> m_chunks; // steps
    std::vector<IndexRange> m_slices; // units
    std::vector<OperationRange> m_lastStep; // per strip and layer: of the chain, added last; a
                                            // slice each
    std::vector<OperationRange>
        m_lastChunk; // per strip and layer: recurrent halves of the last chunk
    std::vector<OperationRange> m_losses; // per strip and chunk, in whole models
    std::vector<OperationRange> m_inputGradients; // all there are
    std::vector<OperationRange> m_fromAbove; // per strip: input-backward added last; a slice each
    std::vector<OperationRange> m_lastGradients; // per strip and layer: those of weights added
                                                 // last; a slice each; at the fine grain all
    PlanBuilder m_builder;
};

/// Of operations that are a slice each.
OperationRange ofSlice(OperationRange slices, int slice)
{
    const int own = slices.begin + slice;
    return own < slices.end ? OperationRange { own, own + 1 } : OperationRange {};
}

LstmPlanBuilder::LstmPlanBuilder(const PlanShape& shape, const Cut& cut)
    : m_shape(shape)
    , m_cut(cut)
    , m_strips(subBatchRows(shape.rows, cut.subBatches))
    , m_chunks(partsOfSize(
          { shape.firstStep, shape.steps }, cut.grain == Grain::Fine ? 1 : cut.stepsPerChunk))
    , m_slices(cut.strategy == Strategy::HiddenSplit ? unitSlices(shape.width, cut.slices)
                                                     : std::vector<IndexRange> { {} })
    , m_lastStep(m_strips.size() * static_cast<std::size_t>(shape.layers))
    , m_lastChunk(m_lastStep.size())
    , m_losses(shape.ends.vocabulary > 0 ? m_strips.size() * m_chunks.size() : 0)
    , m_fromAbove(m_strips.size())
    , m_lastGradients(m_lastStep.size())
    , m_builder(shape, cut, operationCount())
{
}

std::size_t LstmPlanBuilder::operationCount() const
{
    const std::size_t recurrentPieces
        = split() ? static_cast<std::size_t>(m_shape.newSteps()) : m_chunks.size();
    const std::size_t perPiece = m_lastStep.size() * m_slices.size();
    const std::size_t forward = perPiece * (m_chunks.size() + recurrentPieces);
    const std::size_t backward = perPiece * (2 * m_chunks.size() + recurrentPieces);
    const std::size_t reduction = m_lastStep.size(); // as many slices of a layer as sub-batches
    const std::size_t update = m_strips.size() * (1 + 3 * m_slices.size());
    return forward + m_losses.size() + (m_shape.training ? backward + reduction + update : 0);
}

Plan LstmPlanBuilder::build()
{
    const int strips = static_cast<int>(m_strips.size());
    // Sub-batches one after the other keeps each one's operations together. The wavefront's tasks
    // are taken in the order of the plan: there the sub-batches advance side by side, or the
    // workers would all queue along the chain of the first.
    const bool sideBySide = m_cut.strategy == Strategy::LayerWavefront && !fine();
    const int together = sideBySide ? strips : 1;
    for (int strip = 0; strip < strips; strip += together) {
        addForward({ strip, strip + together });
        if (m_shape.training)
            addBackward({ strip, strip + together });
    }
    if (m_shape.training && !m_chunks.empty())
        addReductions();
    return m_builder.take();
}

void LstmPlanBuilder::addForward(IndexRange strips)
{
    for (int chunk = 0; chunk < chunkCount(); ++chunk)
        for (int layer = 0; layer < m_shape.layers; ++layer)
            for (int strip = strips.begin; strip < strips.end; ++strip)
                addChunk(strip, chunk, layer);
}

void LstmPlanBuilder::addChunk(int strip, int chunk, int layer)
{
    const OperationRange inputs = addInputHalves(strip, chunk, layer);
    const int first = m_builder.nextOperation();
    const IndexRange steps = m_chunks[static_cast<std::size_t>(chunk)];
    // Slices exchange their hidden units after every step, so no operation may span two.
    const int stepsTogether = split() ? 1 : steps.count();
    for (int begin = steps.begin; begin < steps.end; begin += stepsTogether)
        addRecurrentHalves(strip, chunk, layer, { begin, begin + stepsTogether }, inputs);
    m_lastChunk[static_cast<std::size_t>(chain(strip, layer))]
        = { first, m_builder.nextOperation() };
    if (layer + 1 == m_shape.layers && !m_losses.empty())
        addLoss(strip, chunk);
}

/// At once, while the hidden states are near. In training the gradients of the head are one sum
/// over the steps.
void LstmPlanBuilder::addLoss(int strip, int chunk)
{
    Operation operation;
    operation.kind = OperationKind::Loss;
    operation.layer = m_shape.layers;
    operation.steps = m_chunks[static_cast<std::size_t>(chunk)];
    operation.rows = m_strips[static_cast<std::size_t>(strip)];
    operation.flops = lossFlops(m_shape, operation.rows.count() * operation.steps.count());
    operation.task = taskOf(strip, chunk, m_shape.layers - 1, 0);
    const auto index = lossIndex(strip, chunk);
    const OperationRange before
        = m_shape.training && chunk > 0 ? m_losses[index - 1] : OperationRange {};
    const OperationRange hidden
        = m_lastChunk[static_cast<std::size_t>(chain(strip, m_shape.layers - 1))];
    const int added = m_builder.add(operation, { hidden, before });
    m_losses[index] = { added, added + 1 };
}

OperationRange LstmPlanBuilder::addInputHalves(int strip, int chunk, int layer)
{
    const IndexRange rows = m_strips[static_cast<std::size_t>(strip)];
    const IndexRange steps = m_chunks[static_cast<std::size_t>(chunk)];
    OperationRange below;
    if (layer > 0)
        below = m_lastChunk[static_cast<std::size_t>(chain(strip, layer - 1))];
    else if (m_shape.beingWritten) // the token is chosen from it
        below = m_lastStep[static_cast<std::size_t>(chain(strip, m_shape.layers - 1))];
    const int first = m_builder.nextOperation();
    for (int slice = 0; slice < static_cast<int>(m_slices.size()); ++slice) {
        const IndexRange units = m_slices[static_cast<std::size_t>(slice)];
        const int unitCount = split() ? units.count() : m_shape.width;
        m_builder.add({ .kind = OperationKind::InputHalf,
                          .layer = layer,
                          .steps = steps,
                          .rows = rows,
                          .heads = {},
                          .units = units,
                          .parameters = {},
                          .flops = inputFlops(layer) * rows.count() * steps.count() * unitCount,
                          .task = taskOf(strip, chunk, layer, slice) },
            { below });
    }
    return { first, m_builder.nextOperation() };
}

void LstmPlanBuilder::addRecurrentHalves(
    int strip, int chunk, int layer, IndexRange steps, OperationRange inputs)
{
    const IndexRange rows = m_strips[static_cast<std::size_t>(strip)];
    OperationRange& before = m_lastStep[static_cast<std::size_t>(chain(strip, layer))];
    if (brokenBefore(steps.begin))
        before = {};
    const int first = m_builder.nextOperation();
    for (int slice = 0; slice < static_cast<int>(m_slices.size()); ++slice) {
        const IndexRange units = m_slices[static_cast<std::size_t>(slice)];
        const int unitCount = split() ? units.count() : m_shape.width;
        const int input = inputs.begin + slice;
        m_builder.add({ .kind = OperationKind::RecurrentHalf,
                          .layer = layer,
                          .steps = steps,
                          .rows = rows,
                          .heads = {},
                          .units = units,
                          .parameters = {},
                          .flops = 8.0 * m_shape.width * rows.count() * steps.count() * unitCount,
                          .task = taskOf(strip, chunk, layer, slice) },
            { { input, input + 1 }, before });
    }
    before = { first, m_builder.nextOperation() };
}

/// Layer by layer within a chunk, so that what a layer hands down is met while it is near.
void LstmPlanBuilder::addBackward(IndexRange strips)
{
    std::vector<OperationRange> allGates; // fine grain: of the only strip, from the last step back
    for (int chunk = chunkCount() - 1; chunk >= 0; --chunk) {
        for (int layer = m_shape.layers - 1; layer >= 0; --layer) {
            for (int strip = strips.begin; strip < strips.end; ++strip) {
                const OperationRange gates = addGateGradients(strip, chunk, layer);
                if (!fine() || layer > 0)
                    addInputGradients(strip, chunk, layer, gates);
                if (fine()) {
                    allGates.push_back(gates);
                    continue;
                }
                OperationRange& later
                    = m_lastGradients[static_cast<std::size_t>(chain(strip, layer))];
                later = addWeightGradients(strip, chunk, layer, gates, later);
            }
        }
    }
    if (fine())
        addGradientsTogether(strips.begin, allGates);
}

/// What no step waits for: beside each other, so that what follows needs one range of them.
void LstmPlanBuilder::addGradientsTogether(int strip, std::span<const OperationRange> gates)
{
    for (int chunk = chunkCount() - 1; chunk >= 0; --chunk)
        addInputGradients(strip, chunk, 0,
            gates[static_cast<std::size_t>((chunkCount() - chunk) * m_shape.layers - 1)]);
    for (int layer = m_shape.layers - 1; layer >= 0; --layer) {
        const int first = m_builder.nextOperation();
        auto own = gates.begin() + (m_shape.layers - 1 - layer);
        for (int chunk = chunkCount() - 1; chunk >= 0; --chunk, own += m_shape.layers)
            addWeightGradients(strip, chunk, layer, *own, {});
        m_lastGradients[static_cast<std::size_t>(chain(strip, layer))]
            = { first, m_builder.nextOperation() };
    }
}

/// The chain back through time. A slice forms the hidden gradients of its own units from all gates
/// of the step after, so that no operation may span two steps. The last step of all has none after
/// it and begins where its own units ended.
OperationRange LstmPlanBuilder::addGateGradients(int strip, int chunk, int layer)
{
    OperationRange& after = m_lastStep[static_cast<std::size_t>(chain(strip, layer))];
    const IndexRange steps = m_chunks[static_cast<std::size_t>(chunk)];
    const int stepsTogether = split() ? 1 : steps.count();
    const int first = m_builder.nextOperation();
    for (int end = steps.end; end > steps.begin; end -= stepsTogether) {
        if (brokenBefore(end))
            after = {};
        const int firstSlice = m_builder.nextOperation();
        for (int slice = 0; slice < static_cast<int>(m_slices.size()); ++slice) {
            Operation operation
                = backwardOperation(OperationKind::RecurrentBackward, strip, chunk, layer, slice);
            operation.steps = { end - stepsTogether, end };
            operation.units = m_slices[static_cast<std::size_t>(slice)];
            const int unitCount = split() ? operation.units.count() : m_shape.width;
            operation.flops
                = 8.0 * m_shape.width * operation.rows.count() * stepsTogether * unitCount;
            const OperationRange last = end == m_shape.steps ? ofSlice(after, slice) : after;
            m_builder.add(operation, { last, fromAbove(strip, chunk, layer, slice) });
        }
        after = { firstSlice, m_builder.nextOperation() };
    }
    return { first, m_builder.nextOperation() };
}

/// What hands a slice of units the gradients of its hidden states.
OperationRange LstmPlanBuilder::fromAbove(int strip, int chunk, int layer, int slice) const
{
    if (layer + 1 < m_shape.layers)
        return ofSlice(m_fromAbove[static_cast<std::size_t>(strip)], slice);
    return m_losses.empty() ? OperationRange {} : m_losses[lossIndex(strip, chunk)];
}

/// What each number of the layer's input gets comes from the gates of all units.
void LstmPlanBuilder::addInputGradients(int strip, int chunk, int layer, OperationRange gates)
{
    const std::vector<IndexRange> slices = inputSlices(layer);
    const int first = m_builder.nextOperation();
    for (int slice = 0; slice < static_cast<int>(slices.size()); ++slice) {
        Operation operation
            = backwardOperation(OperationKind::InputBackward, strip, chunk, layer, slice);
        operation.units = slices[static_cast<std::size_t>(slice)];
        const int inputs = split() ? operation.units.count() : inputsOf(layer);
        operation.flops
            = 8.0 * m_shape.width * operation.rows.count() * operation.steps.count() * inputs;
        m_builder.add(operation, { gates });
    }
    const OperationRange added { first, m_builder.nextOperation() };
    m_fromAbove[static_cast<std::size_t>(strip)] = added;
    if (layer > 0)
        return;
    if (!m_inputGradients.empty() && m_inputGradients.back().end == added.begin)
        m_inputGradients.back().end = added.end;
    else
        m_inputGradients.push_back(added);
}

/// A slice's weights are the columns of its own gates. `before`: what their sum has already.
OperationRange LstmPlanBuilder::addWeightGradients(
    int strip, int chunk, int layer, OperationRange gates, OperationRange before)
{
    const int slices = static_cast<int>(m_slices.size());
    const int first = m_builder.nextOperation();
    for (int slice = 0; slice < slices; ++slice) {
        Operation operation
            = backwardOperation(OperationKind::WeightGradients, strip, chunk, layer, slice);
        operation.units = m_slices[static_cast<std::size_t>(slice)];
        const int unitCount = split() ? operation.units.count() : m_shape.width;
        operation.flops = 8.0 * (m_shape.width + inputsOf(layer)) * operation.rows.count()
            * operation.steps.count() * unitCount;
        std::vector<OperationRange> needs { ofSlice(before, slice) };
        for (int own = gates.begin + slice; own < gates.end; own += slices)
            needs.push_back({ own, own + 1 });
        m_builder.add(operation, needs);
    }
    return { first, m_builder.nextOperation() };
}

Operation LstmPlanBuilder::backwardOperation(
    OperationKind kind, int strip, int chunk, int layer, int slice) const
{
    Operation operation;
    operation.kind = kind;
    operation.layer = layer;
    operation.steps = m_chunks[static_cast<std::size_t>(chunk)];
    operation.rows = m_strips[static_cast<std::size_t>(strip)];
    operation.task = backwardTaskOf(strip, chunk, layer, slice);
    return operation;
}

void LstmPlanBuilder::addReductions()
{
    const int strips = static_cast<int>(m_strips.size());
    const LstmGradientLayout layout(m_shape);
    std::vector<OperationRange> reductions(static_cast<std::size_t>(m_shape.layers));
    const int first = m_builder.nextOperation();
    int task = m_builder.taskCount();
    for (int layer = m_shape.layers - 1; layer >= 0; --layer) {
        const int firstSlice = m_builder.nextOperation();
        std::vector<OperationRange> gradients;
        for (int strip = 0; strip < strips; ++strip)
            gradients.push_back(m_lastGradients[static_cast<std::size_t>(chain(strip, layer))]);
        task = addReduction(m_builder, m_shape, layer, layout.ofLayer(layer), gradients, task);
        reductions[static_cast<std::size_t>(layer)] = { firstSlice, m_builder.nextOperation() };
    }
    if (!m_losses.empty())
        addUpdateOfAll({ first, m_builder.nextOperation() }, task);
    else if (m_shape.updatesLayers)
        addUpdates(reductions, task);
}

void LstmPlanBuilder::addUpdates(std::span<const OperationRange> reductions, int task)
{
    const LstmGradientLayout layout(m_shape);
    std::vector<LayerGradients> layers;
    for (int layer = 0; layer < m_shape.layers; ++layer) {
        const auto index = static_cast<std::size_t>(layer);
        layers.push_back({ layout.ofLayer(layer),
            { m_strips.size() > 1 ? reductions[index] : m_lastGradients[index] } });
    }
    const int slices = static_cast<int>(m_strips.size() * m_slices.size());
    addLayerUpdates(m_builder, m_shape, layers, m_inputGradients, slices, task);
}

void LstmPlanBuilder::addUpdateOfAll(OperationRange reductions, int task)
{
    SubBatchesDone done;
    for (std::size_t strip = 0; strip < m_strips.size(); ++strip)
        done.losses.push_back(m_losses[(strip + 1) * m_chunks.size() - 1]);
    done.inputGradients = m_inputGradients;
    if (m_strips.size() > 1)
        done.gradients = { reductions };
    else
        done.gradients = m_lastGradients; // of each layer of the only strip
    const int slices = static_cast<int>(m_strips.size() * m_slices.size());
    addUpdate(m_builder, m_shape, std::move(done), slices, task);
}

int LstmPlanBuilder::taskOf(int strip, int chunk, int layer, int slice) const
{
    const int strips = static_cast<int>(m_strips.size());
    if (m_cut.strategy == Strategy::LayerWavefront)
        return (chunk * m_shape.layers + layer) * strips + strip;
    return strip * static_cast<int>(m_slices.size()) + slice;
}

/// A slice goes back where it came from, as one task; a wavefront goes back in tasks of its own,
/// from the last to the first.
int LstmPlanBuilder::backwardTaskOf(int strip, int chunk, int layer, int slice) const
{
    if (m_cut.strategy != Strategy::LayerWavefront)
        return taskOf(strip, chunk, layer, slice);
    const int strips = static_cast<int>(m_strips.size());
    const int chunkBack = 2 * chunkCount() - 1 - chunk;
    return (chunkBack * m_shape.layers + m_shape.layers - 1 - layer) * strips + strip;
}

/// Of the layer below as that is sliced; numbers of the input may be fewer than there are slices.
std::vector<IndexRange> LstmPlanBuilder::inputSlices(int layer) const
{
    if (!split() || layer > 0)
        return m_slices;
    const int groups = roundUpToLanes(m_shape.inputWidth) / laneCount;
    return unitSlices(m_shape.inputWidth, std::min(m_cut.slices, groups));
}

double LstmPlanBuilder::inputFlops(int layer) const { return 8.0 * inputsOf(layer); }

} // namespace

Plan makeLstmPlan(const PlanShape& shape, const Cut& cut)
{
    return LstmPlanBuilder(shape, cut).build();
}

} // namespace timestep
