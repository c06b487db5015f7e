// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/lstm_training.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/training/weight_gradients.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace timestep {

LstmTraining::Sizes::Sizes(const Plan& plan, int lanes)
    : units(roundUpToLanes(plan.shape().width))
{
    const PlanShape& shape = plan.shape();
    const int chunk = std::min(plan.cut().stepsPerChunk, shape.steps);
    const std::vector<IndexRange> subBatches = subBatchRows(shape.rows, plan.cut().subBatches);
    const int largest = subBatches.empty() ? 0 : subBatches.front().count();
    blockPositions = chunk * largest;
    handed = product({ shape.layers, shape.rows, units });
    fromAbove = shape.layers > 1 ? product({ shape.rows, chunk, units }) : 0;
    packed = static_cast<std::size_t>(lanes) * packedSize(blockPositions, 4 * units);
    gathered = product({ lanes, blockPositions, shape.inputWidth });
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
    if (operation.steps.end == m_shape.steps) {
        const std::size_t first = product({ operation.layer, m_shape.rows, m_sizes.units })
            + product({ operation.rows.begin, m_sizes.units });
        const std::size_t count = product({ operation.rows.count(), m_sizes.units });
        std::fill_n(m_handed.data() + first, count, 0.0F);
        std::fill_n(m_cellGradient.data() + first, count, 0.0F);
    }
    for (int step = operation.steps.end - 1; step >= operation.steps.begin; --step)
        if (!backThroughStep(operation, step, worker))
            return false;
    return true;
}

bool LstmTraining::backThroughStep(
    const Operation& operation, int step, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    const IndexRange rows = operation.rows;
    const auto units = static_cast<std::size_t>(m_sizes.units);
    const std::size_t state = (product({ layer, m_shape.rows }) + rows.begin) * units;
    float* gates = m_forward.keptGates(layer, step, rows);

    LstmStepBackward back;
    back.gates = gates;
    back.gatesStride = 4 * units;
    back.cell = m_forward.keptCell(layer, step, rows);
    back.cellBefore = step > 0 ? m_forward.keptCell(layer, step - 1, rows) : nullptr;
    back.cellStride = units;
    back.hiddenGradient = m_handed.data() + state;
    back.hiddenGradientStride = units;
    if (layer + 1 == m_shape.layers) {
        back.fromAbove = m_setup.outputGradient
            + (product({ rows.begin, m_shape.steps }) + static_cast<std::size_t>(step)) * units;
        back.fromAboveStride = product({ m_shape.steps, m_sizes.units });
    } else {
        back.fromAbove
            = fromAbove(rows) + product({ step - operation.steps.begin, rows.count() }) * units;
        back.fromAboveStride = units;
    }
    back.cellGradient = m_cellGradient.data() + state;
    back.cellGradientStride = units;
    back.gateGradient = gates;
    back.gateGradientStride = 4 * units;
    back.rows = rows.count();
    back.units = m_sizes.units;
    m_setup.forward.kernels->lstmStepBackward(back);
    if (step == 0)
        return true;

    Product p; // to the step before
    p.a = gates;
    p.aStride = 4 * units;
    p.b = m_setup.backward->layers[static_cast<std::size_t>(layer)].view();
    p.columns = m_sizes.units;
    p.rows = rows.count();
    p.c = m_handed.data() + state;
    p.cStride = units;
    return multiplyPolled(*m_setup.forward.kernels, p, worker);
}

/// To the hidden states of the layer below.
bool LstmTraining::handDown(const Operation& operation, const Worker& worker) noexcept
{
    const auto units = static_cast<std::size_t>(m_sizes.units);
    Product p;
    p.a = m_forward.keptGates(operation.layer, operation.steps.begin, operation.rows);
    p.aStride = 4 * units;
    p.b = m_setup.backward->layers[static_cast<std::size_t>(operation.layer)].view();
    p.firstColumn = m_sizes.units;
    p.columns = m_sizes.units;
    p.rows = operation.steps.count() * operation.rows.count();
    p.c = fromAbove(operation.rows);
    p.cStride = units;
    return multiplyPolled(*m_setup.forward.kernels, p, worker);
}

/// Row by row, since the steps of a row lie beside each other in the input, and here its rows do.
bool LstmTraining::handToInput(const Operation& operation, const Worker& worker) noexcept
{
    const IndexRange rows = operation.rows;
    const auto units = static_cast<std::size_t>(m_sizes.units);
    Product p;
    p.b = m_setup.backward->layers[0].view();
    p.firstColumn = m_sizes.units;
    p.columns = m_shape.inputWidth;
    p.rows = operation.steps.count();
    p.aStride = product({ 4, rows.count(), m_sizes.units });
    p.cStride = static_cast<std::size_t>(m_shape.inputWidth);
    for (int row = rows.begin; row < rows.end; ++row) {
        p.a = m_forward.keptGates(0, operation.steps.begin, rows)
            + static_cast<std::size_t>(row - rows.begin) * 4 * units;
        p.c = m_setup.inputGradient
            + (product({ row, m_shape.steps }) + static_cast<std::size_t>(operation.steps.begin))
                * p.cStride;
        if (!multiplyPolled(*m_setup.forward.kernels, p, worker))
            return false;
    }
    return true;
}

/// xᵀ·dgates, hᵀ·dgates and the sum of dgates over the chunk, added to what later steps gave.
bool LstmTraining::addWeightGradients(const Operation& operation, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    const int layer = operation.layer;
    float* gradients = m_gradients.ofRow(operation.rows.begin);

    WeightGradient weights;
    weights.outputGradient = packGateGradients(operation, worker.lane);
    weights.outputs = m_layout.columns();
    weights.isFirst = operation.steps.end == m_shape.steps;
    if (!addBiasGradient(kernels, weights.outputGradient, weights.outputs,
            gradients + m_layout.bias(layer), weights.isFirst, worker))
        return false;

    weights.input = inputOf(operation, worker.lane);
    weights.inputStride = static_cast<std::size_t>(layer == 0 ? m_shape.inputWidth : m_sizes.units);
    weights.inputs = m_layout.inputs(layer);
    weights.gradient = gradients + m_layout.input(layer);
    if (!addWeightGradient(kernels, weights, worker))
        return false;

    // The first step of all has no hidden state before it.
    const int begin = std::max(operation.steps.begin, 1);
    weights.outputGradient.firstRow = (begin - operation.steps.begin) * operation.rows.count();
    weights.outputGradient.depth -= weights.outputGradient.firstRow;
    weights.input = m_forward.keptHidden(layer, begin - 1, operation.rows);
    weights.inputStride = static_cast<std::size_t>(m_sizes.units);
    weights.inputs = m_shape.width;
    weights.gradient = gradients + m_layout.recurrent(layer);
    return addWeightGradient(kernels, weights, worker);
}

/// A row for each step and row of the chunk.
PackedView LstmTraining::packGateGradients(const Operation& operation, int lane) noexcept
{
    const int positions = operation.steps.count() * operation.rows.count();
    const int columns = m_layout.columns();
    float* packed = m_packed.data()
        + static_cast<std::size_t>(lane) * packedSize(m_sizes.blockPositions, columns);
    const float* gates
        = m_forward.keptGates(operation.layer, operation.steps.begin, operation.rows);
    return packRows(gates, static_cast<std::size_t>(columns), positions, columns, packed);
}

/// (steps of the chunk, rows, inputs): what the layer read.
const float* LstmTraining::inputOf(const Operation& operation, int lane) noexcept
{
    if (operation.layer > 0)
        return m_forward.keptHidden(operation.layer - 1, operation.steps.begin, operation.rows);
    const auto width = static_cast<std::size_t>(m_shape.inputWidth);
    float* gathered = m_gathered.data() + product({ lane, m_sizes.blockPositions }) * width;
    float* to = gathered;
    for (int step = operation.steps.begin; step < operation.steps.end; ++step)
        for (int row = operation.rows.begin; row < operation.rows.end; ++row, to += width)
            std::memcpy(to, m_setup.forward.input.at(row, step), width * sizeof(float));
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

float* LstmTraining::fromAbove(IndexRange rows) noexcept
{
    return m_fromAbove.data()
        + static_cast<std::size_t>(rows.begin) * (m_sizes.fromAbove / std::max(m_shape.rows, 1));
}

} // namespace timestep
