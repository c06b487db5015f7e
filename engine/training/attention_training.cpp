// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/attention_training.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/model/dropout_places.h"
#include "engine/training/weight_gradients.h"

#include <algorithm>
#include <cassert>

namespace timestep {

std::size_t AttentionTraining::bytesNeeded(const Plan& plan, int lanes)
{
    const PlanShape& shape = plan.shape();
    const std::size_t floats
        = SubBatchGradients::floatsNeeded(plan, AttentionGradientLayout(shape).size())
        + AttentionGradientMemory::floatsNeeded(shape, lanes)
        + HeadsBackward::floatsNeeded(shape, lanes);
    return AttentionComputation::bytesNeeded(plan, lanes) + floats * sizeof(float);
}

AttentionTraining::AttentionTraining(
    const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_setup(setup)
    , m_layout(plan.shape())
    , m_forward(plan, setup.forward, lanes, account)
    , m_gradients(plan, m_layout.size(), account)
    , m_memory(m_shape, lanes, account)
    , m_heads(m_shape, *setup.forward.kernels, m_forward.memory(), lanes, account)
    , m_feedForward(m_shape,
          { .kernels = setup.forward.kernels,
              .weights = setup.forward.weights->plain,
              .backward = setup.backward,
              .forward = &m_forward.memory(),
              .gradients = &m_memory,
              .dropout = setup.forward.dropout })
{
    assert(m_shape.training && m_shape.layers > 0 && setup.backward != nullptr);
    // Layers write over the gradients of those above: what does so must be one task.
    assert(lanes == 1 || plan.cut().grain == Grain::Executed);
}

void AttentionTraining::run(const Operation& operation, const Worker& worker) noexcept
{
    switch (operation.kind) {
    case OperationKind::BlockBackward:
        backThroughLayer(operation, worker);
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

bool AttentionTraining::backThroughLayer(const Operation& operation, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    for (int row = operation.rows.begin; row < operation.rows.end; ++row) {
        if (!m_shape.bareLayer) {
            if (layer + 1 == m_shape.layers)
                backThroughFinalNorm(row);
            if (!m_feedForward.run(layer, row, worker))
                return false;
        }
        if (!backThroughAttention(layer, row, worker))
            return false;
    }
    return true;
}

void AttentionTraining::backThroughFinalNorm(int row) noexcept
{
    float* gradient = m_memory.output(m_shape.layers - 1, row);
    std::fill_n(gradient, product({ m_shape.steps, m_shape.width }), 0.0F);
    addThroughNorm(*m_setup.forward.kernels, finalNorm(row), gradient);
}

/// The residual stream goes round it; what the forward pass dropped hands nothing back.
bool AttentionTraining::backThroughAttention(int layer, int row, const Worker& worker) noexcept
{
    if (!m_shape.bareLayer) {
        float* attended = m_memory.attended(row);
        std::copy_n(attended, product({ m_shape.steps, m_shape.width }), inputGradient(layer, row));
        dropGradients(dropoutOfProjection(layer), row, attended);
    }
    float* mixed = m_memory.rows(worker.lane); // (T, D): of what the heads mixed
    return multiplyRowsPolled(*m_setup.forward.kernels, attentionOutputGradient(layer, row),
               (*m_setup.backward)[static_cast<std::size_t>(layer)].projection, m_shape.steps,
               mixed, worker)
        && m_heads.run(layer, row, mixed, m_memory.queryKeyValue(row), worker)
        && backThroughProjections(layer, row, worker);
}

/// From queries, keys and values to what they were made of, and in whole blocks through the norm.
bool AttentionTraining::backThroughProjections(int layer, int row, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    float* input = inputGradient(layer, row);
    if (!multiplyRowsPolled(kernels, m_memory.queryKeyValue(row),
            (*m_setup.backward)[static_cast<std::size_t>(layer)].queryKeyValue, m_shape.steps,
            m_shape.bareLayer ? input : m_memory.attentionNorm(row), worker))
        return false;
    if (!m_shape.bareLayer) {
        addThroughNorm(kernels, attentionNorm(layer, row), input);
        if (layer == 0)
            dropGradients(dropoutOfEmbedding, row, input);
    }
    return true;
}

/// `gradients` (T, D)
void AttentionTraining::dropGradients(int place, int row, float* gradients) noexcept
{
    if (m_setup.forward.dropout != nullptr)
        for (int t = 0; t < m_shape.steps; ++t, gradients += m_shape.width)
            m_setup.forward.dropout->apply(
                place, row, t, { 0, m_shape.width }, gradients, gradients);
}

bool AttentionTraining::addWeightGradients(
    const Operation& operation, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    for (int row = operation.rows.begin; row < operation.rows.end; ++row) {
        if (!m_shape.bareLayer) {
            if (layer + 1 == m_shape.layers)
                addNormGradientsOf(
                    finalNorm(row), m_layout.finalNormGain(), m_layout.finalNormBias(), row);
            if (!m_feedForward.addWeightGradients(
                    layer, row, m_gradients.ofRow(row), m_gradients.isFirstRow(row), worker))
                return false;
            addNormGradientsOf(attentionNorm(layer, row), m_layout.attentionNormGain(layer),
                m_layout.attentionNormBias(layer), row);
        }
        if (!addAttentionGradients(layer, row, worker))
            return false;
    }
    return true;
}

/// Of projection, queries, keys and values.
bool AttentionTraining::addAttentionGradients(int layer, int row, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    float* sums = m_gradients.ofRow(row);
    float* packed = m_memory.packed(worker.lane);
    LinearGradients of;
    of.inputs = m_shape.width;
    of.positions = m_shape.steps;
    of.isFirst = m_gradients.isFirstRow(row);

    of.input = m_forward.memory().mixed(layer, row, 0);
    of.outputGradient = attentionOutputGradient(layer, row);
    of.outputs = m_shape.width;
    of.weights = sums + m_layout.projection(layer);
    of.bias = sums + m_layout.projectionBias(layer);
    if (!addLinearGradients(kernels, of, packed, worker))
        return false;

    of.input = attentionInput(layer, row, worker);
    of.outputGradient = m_memory.queryKeyValue(row);
    of.outputs = 3 * m_shape.width;
    of.weights = sums + m_layout.queryKeyValue(layer);
    of.bias = sums + m_layout.queryKeyValueBias(layer);
    return addLinearGradients(kernels, of, packed, worker);
}

/// What queries, keys and values were made of.
const float* AttentionTraining::attentionInput(int layer, int row, const Worker& worker) noexcept
{
    if (!m_shape.bareLayer) {
        float* normal = m_memory.rows(worker.lane);
        normOutput(attentionNorm(layer, row), weights(layer).attentionNormBias.data(), normal);
        return normal;
    }
    return layer > 0 ? m_forward.memory().layerInput(layer, row, 0)
                     : m_setup.forward.input.at(row, 0);
}

/// `gain`, `bias`: where they stand in a sub-batch's gradients.
void AttentionTraining::addNormGradientsOf(
    const NormBackward& norm, int gain, int bias, int row) noexcept
{
    float* sums = m_gradients.ofRow(row);
    addNormGradients(norm, { sums + gain, sums + bias, m_gradients.isFirstRow(row) });
}

NormBackward AttentionTraining::attentionNorm(int layer, int row) noexcept
{
    return { .kept = m_forward.memory().norm(attentionNormOf(layer), row, 0),
        .gain = weights(layer).attentionNormGain.data(),
        .outputGradient = m_memory.attentionNorm(row),
        .positions = m_shape.steps,
        .width = m_shape.width };
}

NormBackward AttentionTraining::finalNorm(int row) noexcept
{
    return { .kept = m_forward.memory().norm(finalNormOf(m_shape.layers), row, 0),
        .gain = m_setup.forward.finalNormGain->data(),
        .outputGradient = m_setup.outputGradient + product({ row, m_shape.steps, m_shape.width }),
        .positions = m_shape.steps,
        .width = m_shape.width };
}

/// Of what the projection puts out.
const float* AttentionTraining::attentionOutputGradient(int layer, int row) noexcept
{
    if (!m_shape.bareLayer)
        return m_memory.attended(row);
    return layer + 1 < m_shape.layers
        ? m_memory.output(layer, row)
        : m_setup.outputGradient + product({ row, m_shape.steps, m_shape.width });
}

/// Of what a layer reads.
float* AttentionTraining::inputGradient(int layer, int row) noexcept
{
    return layer > 0 ? m_memory.output(layer - 1, row)
                     : m_setup.inputGradient + product({ row, m_shape.steps, m_shape.width });
}

const AttentionLayerWeights<float>& AttentionTraining::weights(int layer) const noexcept
{
    return (*m_setup.forward.weights->plain)[static_cast<std::size_t>(layer)];
}

std::vector<AttentionLayerWeights<float>> attentionGradients(
    const PlanShape& shape, const float* gradients)
{
    const AttentionGradientLayout layout(shape);
    const int width = shape.width;
    const auto matrix = [&](int begin, int rows, int columns) {
        return Eigen::Map<const Matrix<float>>(gradients + begin, rows, columns);
    };
    const auto row = [&](int begin, int columns) {
        return Eigen::Map<const RowVector<float>>(gradients + begin, columns);
    };
    std::vector<AttentionLayerWeights<float>> layers(static_cast<std::size_t>(shape.layers));
    for (int layer = 0; layer < shape.layers; ++layer) {
        AttentionLayerWeights<float>& found = layers[static_cast<std::size_t>(layer)];
        found.queryKeyValue = matrix(layout.queryKeyValue(layer), width, 3 * width);
        found.queryKeyValueBias = row(layout.queryKeyValueBias(layer), 3 * width);
        found.projection = matrix(layout.projection(layer), width, width);
        found.projectionBias = row(layout.projectionBias(layer), width);
        if (shape.bareLayer)
            continue;
        found.attentionNormGain = row(layout.attentionNormGain(layer), width);
        found.attentionNormBias = row(layout.attentionNormBias(layer), width);
        found.feedForwardNormGain = row(layout.feedForwardNormGain(layer), width);
        found.feedForwardNormBias = row(layout.feedForwardNormBias(layer), width);
        found.expand = matrix(layout.expand(layer), width, 4 * width);
        found.expandBias = row(layout.expandBias(layer), 4 * width);
        found.contract = matrix(layout.contract(layer), 4 * width, width);
        found.contractBias = row(layout.contractBias(layer), width);
    }
    return layers;
}

FinalNormGradients finalNormGradients(const PlanShape& shape, const float* gradients)
{
    const AttentionGradientLayout layout(shape);
    using Row = Eigen::Map<const RowVector<float>>;
    return { Row(gradients + layout.finalNormGain(), shape.width),
        Row(gradients + layout.finalNormBias(), shape.width) };
}

} // namespace timestep
