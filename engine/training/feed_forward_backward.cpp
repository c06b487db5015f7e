// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/feed_forward_backward.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/model/dropout_places.h"
#include "engine/training/weight_gradients.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int tilePositions = 64; // as in the forward pass: weights are read once for all of them

} // namespace

FeedForwardBackward::FeedForwardBackward(const PlanShape& shape, const Setup& setup)
    : m_shape(shape)
    , m_setup(setup)
    , m_layout(shape)
{
}

bool FeedForwardBackward::run(int layer, int row, const Worker& worker) noexcept
{
    for (int begin = 0; begin < m_shape.steps; begin += tilePositions)
        if (!runTile(layer, row, { begin, std::min(begin + tilePositions, m_shape.steps) }, worker))
            return false;
    return true;
}

bool FeedForwardBackward::runTile(
    int layer, int row, IndexRange positions, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.kernels;
    const PackedAttentionLayerBackward& weights
        = (*m_setup.backward)[static_cast<std::size_t>(layer)];
    const std::size_t first = product({ positions.begin, m_shape.width });
    const std::size_t wide = product({ 4, m_shape.width });
    float* output = m_setup.gradients->output(layer, row) + first;
    float* attended = m_setup.gradients->attended(row) + first;
    std::copy_n(output, product({ positions.count(), m_shape.width }), attended);
    if (m_setup.dropout != nullptr)
        for (int t = positions.begin; t < positions.end; ++t) {
            float* gradient = m_setup.gradients->output(layer, row) + product({ t, m_shape.width });
            m_setup.dropout->apply(
                dropoutOfContraction(layer), row, t, { 0, m_shape.width }, gradient, gradient);
        }
    float* expanded = m_setup.gradients->expanded(row) + 4 * first;
    if (!multiplyRowsPolled(kernels, output, weights.contract, positions.count(), expanded, worker))
        return false;
    float* slopes = m_setup.gradients->rows(worker.lane); // (4D)
    for (int t = positions.begin; t < positions.end; ++t) {
        kernels.geluDerivative(m_setup.forward->expanded(layer, row, t), slopes, wide);
        kernels.multiplyElements(
            slopes, m_setup.gradients->expanded(row) + static_cast<std::size_t>(t) * wide, wide);
    }
    if (!multiplyRowsPolled(kernels, expanded, weights.expand, positions.count(),
            m_setup.gradients->feedForwardNorm(row) + first, worker))
        return false;
    addThroughNorm(kernels, norm(layer, row, positions), attended);
    return true;
}

bool FeedForwardBackward::addWeightGradients(
    int layer, int row, float* sums, bool isFirst, const Worker& worker) noexcept
{
    const int width = m_shape.width;
    const AttentionLayerWeights<float>& plain = (*m_setup.weights)[static_cast<std::size_t>(layer)];
    float* input = m_setup.gradients->rows(worker.lane);
    float* packed = m_setup.gradients->packed(worker.lane);
    LinearGradients of;
    of.positions = m_shape.steps;
    of.isFirst = isFirst;
    of.input = input;

    of.inputs = 4 * width;
    of.outputGradient = m_setup.gradients->output(layer, row);
    of.outputs = width;
    of.weights = sums + m_layout.contract(layer);
    of.bias = sums + m_layout.contractBias(layer);
    if (!activate(layer, row, input, worker)
        || !addLinearGradients(*m_setup.kernels, of, packed, worker))
        return false;

    const NormBackward normed = norm(layer, row, { 0, m_shape.steps });
    normOutput(normed, plain.feedForwardNormBias.data(), input);
    of.inputs = width;
    of.outputGradient = m_setup.gradients->expanded(row);
    of.outputs = 4 * width;
    of.weights = sums + m_layout.expand(layer);
    of.bias = sums + m_layout.expandBias(layer);
    addNormGradients(normed,
        { sums + m_layout.feedForwardNormGain(layer), sums + m_layout.feedForwardNormBias(layer),
            isFirst });
    return addLinearGradients(*m_setup.kernels, of, packed, worker);
}

/// `activated` (T, 4D): GELU again of what the forward pass kept.
bool FeedForwardBackward::activate(
    int layer, int row, float* activated, const Worker& worker) noexcept
{
    for (int begin = 0; begin < m_shape.steps; begin += tilePositions) {
        const std::size_t first = product({ begin, 4, m_shape.width });
        const int count = std::min(tilePositions, m_shape.steps - begin);
        m_setup.kernels->gelu(m_setup.forward->expanded(layer, row, begin), activated + first,
            product({ count, 4, m_shape.width }));
        if (worker.stop.stop_requested())
            return false;
    }
    return true;
}

NormBackward FeedForwardBackward::norm(int layer, int row, IndexRange positions) noexcept
{
    return { .kept = m_setup.forward->norm(feedForwardNormOf(layer), row, positions.begin),
        .gain = (*m_setup.weights)[static_cast<std::size_t>(layer)].feedForwardNormGain.data(),
        .outputGradient
        = m_setup.gradients->feedForwardNorm(row) + product({ positions.begin, m_shape.width }),
        .positions = positions.count(),
        .width = m_shape.width };
}

} // namespace timestep
