// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/lstm_training.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/model/dropout_places.h"
#include "engine/training/weight_gradients.h"

#include <algorithm>
#include <cassert>

namespace timestep {

LstmTraining::Sizes::Sizes(const Plan& plan, int lanes)
    : units(roundUpToLanes(plan.shape().width))
{
    const PlanShape& shape = plan.shape();
    const Cut& cut = plan.cut();
    const int chunk = std::min(cut.stepsPerChunk, shape.steps);
    const std::vector<IndexRange> subBatches = subBatchRows(shape.rows, cut.subBatches);
    const int largest = subBatches.empty() ? 0 : subBatches.front().count();
    blockPositions = chunk * largest;
    const std::vector<IndexRange> slices = unitSlices(shape.width, cut.slices);
    sliceColumns = slices.empty() ? 0 : 4 * roundUpToLanes(slices.front().count());
    handed = product({ shape.layers, shape.rows, units });
    // A wavefront orders nothing after the reading of what is handed down, so there all is kept.
    keepsFromAbove = cut.strategy == Strategy::LayerWavefront;
    stepsFromAbove = keepsFromAbove ? shape.steps : chunk;
    const int layersAbove = std::max(shape.layers - 1, 0);
    fromAbove = product({ keepsFromAbove ? layersAbove : std::min(layersAbove, 1), shape.rows,
        stepsFromAbove, units });
    packed = static_cast<std::size_t>(lanes) * packedSize(blockPositions, sliceColumns);
    gathered = product({ lanes, blockPositions, LstmComputation::gatheredWidth(shape) });
}

std::size_t LstmTraining::bytesNeeded(const Plan& plan, int lanes)
{
    const Sizes s(plan, lanes);
    const std::size_t floats
        = SubBatchGradients::floatsNeeded(plan, LstmGradientLayout(plan.shape()).size())
        + 2 * s.handed + s.fromAbove + s.packed + s.gathered;
    return LstmComputation::bytesNeeded(plan, lanes) + floats * sizeof(float);
}

LstmTraining::LstmTraining(const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_setup(setup)
    , m_sizes(plan, lanes)
    , m_layout(plan.shape())
    , m_forward(plan, setup.forward, lanes, account)
    , m_gradients(plan, m_layout.size(), account)
    , m_handed(m_sizes.handed, account)
    , m_cellGradient(m_sizes.handed, account)
    , m_fromAbove(m_sizes.fromAbove, account)
    , m_packed(m_sizes.packed, account)
    , m_gathered(m_sizes.gathered, account)
{
    assert(m_shape.training && setup.backward != nullptr);
}

void LstmTraining::run(const Operation& operation, const Worker& worker) noexcept
{
    switch (operation.kind) {
    case OperationKind::RecurrentBackward:
        backThroughTime(operation, worker);
        break;
    case OperationKind::InputBackward:
        operation.layer == 0 ? handToInput(operation, worker) : handDown(operation, worker);
        break;
    case OperationKind::WeightGradients:
        addWeightGradients(operation, worker);
        break;
    case OperationKind::Reduction:
        m_gradients.reduce(operation.parameters);
        break;
    default:
        m_forward.run(operation, worker);
    }
}

bool LstmTraining::backThroughTime(const Operation& operation, const Worker& worker) noexcept
{
    for (int step = operation.steps.end - 1; step >= operation.steps.begin; --step) {
        if (!hiddenGradient(operation, step, worker))
            return false;
        backThroughStep(operation, step);
    }
    return true;
}

/// What the step after hands to its hidden state, of the operation's units: from the gates of all.
bool LstmTraining::hiddenGradient(
    const Operation& operation, int step, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    const IndexRange units = unitsOf(operation);
    float* handed = ofState(m_handed, layer, operation.rows) + units.begin;
    const auto stride = static_cast<std::size_t>(m_sizes.units);
    if (step + 1 == m_shape.steps) {
        float* cell = ofState(m_cellGradient, layer, operation.rows) + units.begin;
        for (int row = 0; row < operation.rows.count(); ++row) {
            std::fill_n(handed + product({ row, m_sizes.units }), units.count(), 0.0F);
            std::fill_n(cell + product({ row, m_sizes.units }), units.count(), 0.0F);
        }
        return true;
    }
    Product p;
    p.a = m_forward.keptGates(layer, step + 1, operation.rows);
    p.aStride = 4 * stride;
    p.b = m_setup.backward->layers[static_cast<std::size_t>(layer)].view();
    p.firstColumn = units.begin;
    p.columns = units.count();
    p.rows = operation.rows.count();
    p.c = handed;
    p.cStride = stride;
    return multiplyPolled(*m_setup.forward.kernels, p, worker);
}

void LstmTraining::backThroughStep(const Operation& operation, int step) noexcept
{
    const int layer = operation.layer;
    const IndexRange rows = operation.rows;
    const IndexRange own = unitsOf(operation);
    const auto units = static_cast<std::size_t>(m_sizes.units);
    float* gates = m_forward.keptGates(layer, step, rows) + 4 * own.begin;

    LstmStepBackward back;
    back.gates = gates;
    back.gatesStride = 4 * units;
    back.cell = m_forward.keptCell(layer, step, rows) + own.begin;
    if (step > 0)
        back.cellBefore = m_forward.keptCell(layer, step - 1, rows) + own.begin;
    back.cellStride = units;
    back.hiddenGradient = ofState(m_handed, layer, rows) + own.begin;
    back.hiddenGradientStride = units;
    if (layer + 1 == m_shape.layers) {
        back.fromAbove = m_setup.outputGradient
            + (product({ rows.begin, m_shape.steps }) + static_cast<std::size_t>(step)) * units
            + own.begin;
        back.fromAboveStride = product({ m_shape.steps, m_sizes.units });
    } else {
        back.fromAbove = fromAbove(layer, step, rows) + own.begin;
        back.fromAboveStride = units;
    }
    back.cellGradient = ofState(m_cellGradient, layer, rows) + own.begin;
    back.cellGradientStride = units;
    back.gateGradient = gates;
    back.gateGradientStride = 4 * units;
    back.rows = rows.count();
    back.units = own.count();
    m_setup.forward.kernels->lstmStepBackward(back);
}

/// To the hidden states of the layer below.
bool LstmTraining::handDown(const Operation& operation, const Worker& worker) noexcept
{
    const auto units = static_cast<std::size_t>(m_sizes.units);
    const IndexRange below = unitsOf(operation);
    Product p;
    p.a = m_forward.keptGates(operation.layer, operation.steps.begin, operation.rows);
    p.aStride = 4 * units;
    p.b = m_setup.backward->layers[static_cast<std::size_t>(operation.layer)].view();
    p.firstColumn = m_sizes.units + below.begin;
    p.columns = below.count();
    p.rows = operation.steps.count() * operation.rows.count();
    p.c = fromAbove(operation.layer - 1, operation.steps.begin, operation.rows) + below.begin;
    p.cStride = units;
    if (!multiplyPolled(*m_setup.forward.kernels, p, worker))
        return false;
    float* gradient = p.c;
    for (int step = operation.steps.begin; step < operation.steps.end; ++step)
        for (int row = operation.rows.begin; row < operation.rows.end; ++row, gradient += units)
            dropInputGradient(operation.layer, row, step, below, gradient);
    return true;
}

/// What the forward pass dropped hands nothing back. `gradient` of some of the numbers that the
/// layer read at a position.
void LstmTraining::dropInputGradient(
    int layer, int row, int step, IndexRange numbers, float* gradient) noexcept
{
    if (const Dropout* dropout = m_setup.forward.dropout)
        dropout->apply(dropoutOfLayerInput(layer), row, step, numbers, gradient, gradient);
}

/// Row by row, since the steps of a row lie beside each other in the input, and here its rows do.
bool LstmTraining::handToInput(const Operation& operation, const Worker& worker) noexcept
{
    const IndexRange rows = operation.rows;
    const auto units = static_cast<std::size_t>(m_sizes.units);
    const IndexRange inputs
        = operation.units.count() > 0 ? operation.units : IndexRange { 0, m_shape.inputWidth };
    Product p;
    p.b = m_setup.backward->layers[0].view();
    p.firstColumn = m_sizes.units + inputs.begin;
    p.columns = inputs.count();
    p.rows = operation.steps.count();
    p.aStride = product({ 4, rows.count(), m_sizes.units });
    p.cStride = static_cast<std::size_t>(m_shape.inputWidth);
    for (int row = rows.begin; row < rows.end; ++row) {
        p.a = m_forward.keptGates(0, operation.steps.begin, rows)
            + static_cast<std::size_t>(row - rows.begin) * 4 * units;
        p.c = m_setup.inputGradient
            + (product({ row, m_shape.steps }) + static_cast<std::size_t>(operation.steps.begin))
                * p.cStride
            + inputs.begin;
        if (!multiplyPolled(*m_setup.forward.kernels, p, worker))
            return false;
        float* gradient = p.c;
        for (int step = operation.steps.begin; step < operation.steps.end;
             ++step, gradient += p.cStride)
            dropInputGradient(0, row, step, inputs, gradient);
    }
    return true;
}

/// xᵀ·dgates, hᵀ·dgates and the sum of dgates over the chunk, from its last position to its first,
/// added to what later steps gave.
bool LstmTraining::addWeightGradients(const Operation& operation, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    const int layer = operation.layer;
    const IndexRange units = unitsOf(operation);
    float* gradients = m_gradients.ofRow(operation.rows.begin) + 4 * units.begin;

    WeightGradient weights;
    weights.outputGradient = packGateGradients(operation, worker.lane);
    weights.outputs = 4 * units.count();
    weights.gradientStride = static_cast<std::size_t>(m_layout.columns());
    weights.isFirst = operation.steps.end == m_shape.steps;
    if (!addBiasGradient(kernels, weights.outputGradient, weights.outputs,
            gradients + m_layout.bias(layer), weights.isFirst, worker))
        return false;

    const int inputStride = m_forward.inputStride(layer);
    weights.input = inputOf(operation, worker.lane)
        + product({ weights.outputGradient.depth - 1, inputStride });
    weights.inputStride = -inputStride;
    weights.inputs = m_layout.inputs(layer);
    weights.gradient = gradients + m_layout.input(layer);
    if (!addWeightGradient(kernels, weights, worker))
        return false;

    // The first step of all, the last of the chain, has no hidden state before it.
    const int begin = std::max(operation.steps.begin, 1);
    weights.outputGradient.depth -= (begin - operation.steps.begin) * operation.rows.count();
    const int last = std::max(operation.steps.end - 2, 0);
    weights.input = m_forward.keptHidden(layer, last, operation.rows)
        + product({ operation.rows.count() - 1, m_sizes.units });
    weights.inputStride = -m_sizes.units;
    weights.inputs = m_shape.width;
    weights.gradient = gradients + m_layout.recurrent(layer);
    return addWeightGradient(kernels, weights, worker);
}

/// A row for each step and row of the chunk, from the last to the first.
PackedView LstmTraining::packGateGradients(const Operation& operation, int lane) noexcept
{
    const IndexRange units = unitsOf(operation);
    const int positions = operation.steps.count() * operation.rows.count();
    float* packed = m_packed.data()
        + static_cast<std::size_t>(lane) * packedSize(m_sizes.blockPositions, m_sizes.sliceColumns);
    const float* last = m_forward.keptGates(operation.layer, operation.steps.begin, operation.rows)
        + product({ positions - 1, 4 * m_sizes.units }) + 4 * units.begin;
    return packRows(last, -4 * m_sizes.units, positions, 4 * units.count(), packed);
}

/// (steps of the chunk, rows, inputs): what the layer read.
const float* LstmTraining::inputOf(const Operation& operation, int lane) noexcept
{
    if (!m_forward.gathersInput(operation.layer))
        return m_forward.keptHidden(operation.layer - 1, operation.steps.begin, operation.rows);
    float* gathered = m_gathered.data()
        + product({ lane, m_sizes.blockPositions, LstmComputation::gatheredWidth(m_shape) });
    m_forward.gatherInput(operation, gathered);
    return gathered;
}

std::vector<LstmLayerWeights<float>> lstmGradients(const PlanShape& shape, const float* gradients)
{
    const LstmGradientLayout layout(shape);
    std::vector<LstmLayerWeights<float>> layers;
    for (int layer = 0; layer < shape.layers; ++layer) {
        LstmLayerWeights<float> found { Matrix<float>(4 * shape.width, layout.inputs(layer)),
            Matrix<float>(4 * shape.width, shape.width), RowVector<float>(4 * shape.width),
            RowVector<float>(4 * shape.width) };
        for (int column = 0; column < layout.columns(); ++column) {
            const int row = gateRow(column, shape.width);
            if (row < 0)
                continue;
            const float* of = gradients + column;
            for (int i = 0; i < layout.inputs(layer); ++i)
                found.input(row, i) = of[layout.input(layer) + i * layout.columns()];
            for (int i = 0; i < shape.width; ++i)
                found.recurrent(row, i) = of[layout.recurrent(layer) + i * layout.columns()];
            found.inputBias(row) = of[layout.bias(layer)];
            found.recurrentBias(row) = of[layout.bias(layer)];
        }
        layers.push_back(std::move(found));
    }
    return layers;
}

float* LstmTraining::ofState(CountedFloats& states, int layer, IndexRange rows) noexcept
{
    return states.data()
        + (product({ layer, m_shape.rows }) + static_cast<std::size_t>(rows.begin))
        * static_cast<std::size_t>(m_sizes.units);
}

float* LstmTraining::fromAbove(int layer, int step, IndexRange rows) noexcept
{
    const int steps = m_sizes.stepsFromAbove;
    const int kept = m_sizes.keepsFromAbove ? layer : 0;
    return m_fromAbove.data()
        + (product({ kept, m_shape.rows, steps }) + product({ rows.begin, steps })
              + product({ step % steps, rows.count() }))
        * static_cast<std::size_t>(m_sizes.units);
}

/// In whole groups of 16, as packed weights have them.
IndexRange LstmTraining::unitsOf(const Operation& operation) const noexcept
{
    if (operation.units.count() == 0)
        return { 0, m_sizes.units };
    return { operation.units.begin, roundUpToLanes(operation.units.end) };
}

} // namespace timestep
