// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trained_attention.h"

#include "engine/model/sinusoid_positions.h"
#include "engine/training/attention_training.h"

#include <algorithm>

namespace timestep {

TrainedAttention::TrainedAttention(
    const AttentionWeights<float>& weights, const ModelShape& model, const PlanShape& shape)
    : TrainedParameters(shape, PackedHead(weights.outputHead(), {}))
    , m_shape(shape)
    , m_layers(shape)
    , m_epsilon(static_cast<float>(model.layerNormEpsilon))
    , m_plain(weights.layers)
    , m_forward(m_plain)
    , m_backward(packBackward(weights.layers))
    , m_positions(shape.ends.positions > 0 ? weights.positions
                                           : sinusoidPositions<float>(shape.steps, shape.width))
    , m_finalNormGain(weights.finalNormGain)
    , m_finalNormBias(weights.finalNormBias)
{
    for (int layer = 0; layer < shape.layers; ++layer)
        addLayer(layer);
    addVector(m_layers.finalNormGain(), m_finalNormGain);
    addVector(m_layers.finalNormBias(), m_finalNormBias);
    addEnds(shape, [this](int row, const float* numbers) {
        std::copy_n(numbers, m_shape.width, m_positions.row(row).data());
    });
    load(weights);
}

void TrainedAttention::addVector(int begin, RowVector<float>& plain)
{
    addTensor(
        { begin, 1, static_cast<int>(plain.size()), false, [&plain](int, const float* numbers) {
             std::copy_n(numbers, plain.size(), plain.data());
         } });
}

void TrainedAttention::addMatrix(int begin, PackedMatrix& forward, PackedMatrix& backward)
{
    addTensor({ begin, forward.depth(), forward.columns(), true,
        [&forward, &backward](int row, const float* numbers) {
            forward.setRow(row, numbers, forward.columns());
            backward.setColumn(row, numbers);
        } });
}

void TrainedAttention::addLayer(int layer)
{
    const auto index = static_cast<std::size_t>(layer);
    AttentionLayerWeights<float>& plain = m_plain[index];
    PackedAttentionLayer& forward = m_forward.layers[index];
    PackedAttentionLayerBackward& backward = m_backward[index];
    addVector(m_layers.attentionNormGain(layer), plain.attentionNormGain);
    addVector(m_layers.attentionNormBias(layer), plain.attentionNormBias);
    addMatrix(m_layers.queryKeyValue(layer), forward.queryKeyValue, backward.queryKeyValue);
    addVector(m_layers.queryKeyValueBias(layer), plain.queryKeyValueBias);
    addMatrix(m_layers.projection(layer), forward.projection, backward.projection);
    addVector(m_layers.projectionBias(layer), plain.projectionBias);
    addVector(m_layers.feedForwardNormGain(layer), plain.feedForwardNormGain);
    addVector(m_layers.feedForwardNormBias(layer), plain.feedForwardNormBias);
    addMatrix(m_layers.expand(layer), forward.expand, backward.expand);
    addVector(m_layers.expandBias(layer), plain.expandBias);
    addMatrix(m_layers.contract(layer), forward.contract, backward.contract);
    addVector(m_layers.contractBias(layer), plain.contractBias);
}

void TrainedAttention::load(const AttentionWeights<float>& weights)
{
    for (int layer = 0; layer < m_shape.layers; ++layer) {
        const AttentionLayerWeights<float>& from = weights.layers[static_cast<std::size_t>(layer)];
        put(m_layers.attentionNormGain(layer), from.attentionNormGain);
        put(m_layers.attentionNormBias(layer), from.attentionNormBias);
        put(m_layers.queryKeyValue(layer), from.queryKeyValue);
        put(m_layers.queryKeyValueBias(layer), from.queryKeyValueBias);
        put(m_layers.projection(layer), from.projection);
        put(m_layers.projectionBias(layer), from.projectionBias);
        put(m_layers.feedForwardNormGain(layer), from.feedForwardNormGain);
        put(m_layers.feedForwardNormBias(layer), from.feedForwardNormBias);
        put(m_layers.expand(layer), from.expand);
        put(m_layers.expandBias(layer), from.expandBias);
        put(m_layers.contract(layer), from.contract);
        put(m_layers.contractBias(layer), from.contractBias);
    }
    put(m_layers.finalNormGain(), weights.finalNormGain);
    put(m_layers.finalNormBias(), weights.finalNormBias);
    put(layout().head(), weights.outputHead());
    if (m_shape.ends.positions > 0)
        put(layout().positions(), weights.positions);
    if (!m_shape.ends.tied)
        put(layout().embedding(), weights.embedding);
}

std::unique_ptr<LayersTraining> TrainedAttention::layersTraining(
    const Plan& plan, const TrainedEnds& ends, int lanes, MemoryAccount& account)
{
    AttentionTraining::Setup setup;
    setup.forward.weights = &m_forward;
    setup.forward.kernels = ends.kernels;
    setup.forward.input = ends.input;
    setup.forward.positions = &m_positions;
    setup.forward.finalNormGain = &m_finalNormGain;
    setup.forward.finalNormBias = &m_finalNormBias;
    setup.forward.epsilon = m_epsilon;
    setup.forward.output = ends.output;
    setup.forward.dropout = ends.dropout;
    setup.backward = &m_backward;
    setup.outputGradient = ends.outputGradient;
    setup.inputGradient = ends.inputGradient;
    return std::make_unique<AttentionTraining>(plan, setup, lanes, account);
}

std::variant<LstmWeights<float>, AttentionWeights<float>> TrainedAttention::weights() const
{
    const int vocabulary = m_shape.ends.vocabulary;
    AttentionWeights<float> weights { .embedding
        = matrixAt(layout().embedding(), vocabulary, m_shape.width),
        .positions = {},
        .layers = attentionGradients(m_shape, values().data()),
        .finalNormGain = vectorAt(m_layers.finalNormGain(), m_shape.width),
        .finalNormBias = vectorAt(m_layers.finalNormBias(), m_shape.width),
        .head = {} };
    if (m_shape.ends.positions > 0)
        weights.positions = matrixAt(layout().positions(), m_shape.ends.positions, m_shape.width);
    if (!m_shape.ends.tied)
        weights.head = matrixAt(layout().head(), vocabulary, m_shape.width);
    return weights;
}

} // namespace timestep
