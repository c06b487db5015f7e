// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trained_lstm.h"

#include "engine/training/lstm_training.h"

#include <algorithm>

namespace timestep {

TrainedLstm::TrainedLstm(const LstmWeights<float>& weights, const PlanShape& shape)
    : TrainedParameters(shape, PackedHead(weights.outputHead(), weights.headBias))
    , m_shape(shape)
    , m_layers(shape)
    , m_forward(weights.layers)
    , m_backward(weights.layers)
{
    for (int layer = 0; layer < shape.layers; ++layer)
        addLayer(layer);
    addEnds(shape, {});
    load(weights);
}

void TrainedLstm::addLayer(int layer)
{
    PackedLstmLayer& forward = m_forward.layers[static_cast<std::size_t>(layer)];
    PackedMatrix& backward = m_backward.layers[static_cast<std::size_t>(layer)];
    const int columns = m_layers.columns();
    addTensor({ m_layers.input(layer), m_layers.inputs(layer), columns, true,
        [&forward, &backward, columns, units = m_backward.units](int row, const float* numbers) {
            forward.input.setRow(row, numbers, columns);
            backward.setColumn(units + row, numbers);
        } });
    addTensor({ m_layers.recurrent(layer), m_shape.width, columns, true,
        [&forward, &backward, columns](int row, const float* numbers) {
            forward.recurrent.setRow(row, numbers, columns);
            backward.setColumn(row, numbers);
        } });
    addTensor(
        { m_layers.bias(layer), 1, columns, false, [&forward, columns](int, const float* numbers) {
             std::copy_n(numbers, columns, forward.bias.data());
         } });
}

void TrainedLstm::load(const LstmWeights<float>& weights)
{
    const int columns = m_layers.columns();
    for (int layer = 0; layer < m_shape.layers; ++layer) {
        const LstmLayerWeights<float>& from = weights.layers[static_cast<std::size_t>(layer)];
        for (int column = 0; column < columns; ++column) {
            const int gate = gateRow(column, m_shape.width);
            if (gate < 0)
                continue; // padding stays zero
            float* to = values().data() + column;
            for (int i = 0; i < m_layers.inputs(layer); ++i)
                to[m_layers.input(layer) + i * columns] = from.input(gate, i);
            for (int i = 0; i < m_shape.width; ++i)
                to[m_layers.recurrent(layer) + i * columns] = from.recurrent(gate, i);
            to[m_layers.bias(layer)] = from.inputBias(gate) + from.recurrentBias(gate);
        }
    }
    put(layout().headBias(), weights.headBias);
    put(layout().head(), weights.outputHead());
    if (!m_shape.ends.tied)
        put(layout().embedding(), weights.embedding);
}

std::unique_ptr<LayersTraining> TrainedLstm::layersTraining(
    const Plan& plan, const TrainedEnds& ends, int lanes, MemoryAccount& account)
{
    LstmTraining::Setup setup;
    setup.forward.weights = &m_forward;
    setup.forward.kernels = ends.kernels;
    setup.forward.input = ends.input;
    setup.forward.output = ends.output;
    setup.forward.dropout = ends.dropout;
    setup.backward = &m_backward;
    setup.outputGradient = ends.outputGradient;
    setup.inputGradient = ends.inputGradient;
    return std::make_unique<LstmTraining>(plan, setup, lanes, account);
}

std::variant<LstmWeights<float>, AttentionWeights<float>> TrainedLstm::weights() const
{
    const int vocabulary = m_shape.ends.vocabulary;
    LstmWeights<float> weights { .embedding
        = matrixAt(layout().embedding(), vocabulary, m_shape.inputWidth),
        .layers = lstmGradients(m_shape, values().data()),
        .head = {},
        .headBias = vectorAt(layout().headBias(), vocabulary) };
    if (!m_shape.ends.tied)
        weights.head = matrixAt(layout().head(), vocabulary, m_shape.width);
    for (LstmLayerWeights<float>& layer : weights.layers)
        layer.recurrentBias.setZero();
    return weights;
}

} // namespace timestep
