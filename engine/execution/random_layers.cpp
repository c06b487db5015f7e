// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/random_layers.h"

#include <cmath>

namespace timestep {

namespace {

template <typename Derived>
void fill(RandomWeights& random, Eigen::PlainObjectBase<Derived>& values, double largest)
{
    random.fill({ values.data(), static_cast<std::size_t>(values.size()) }, largest);
}

std::vector<LstmLayerWeights<float>> lstmLayers(const PlanShape& shape, RandomWeights& random)
{
    std::vector<LstmLayerWeights<float>> layers(shape.layers);
    const double largest = 1 / std::sqrt(static_cast<double>(shape.width));
    for (int layer = 0; layer < shape.layers; ++layer) {
        LstmLayerWeights<float>& weights = layers[layer];
        weights.input.resize(4 * shape.width, layer == 0 ? shape.inputWidth : shape.width);
        weights.recurrent.resize(4 * shape.width, shape.width);
        weights.inputBias.resize(4 * shape.width);
        weights.recurrentBias.resize(4 * shape.width);
        fill(random, weights.input, largest);
        fill(random, weights.recurrent, largest);
        fill(random, weights.inputBias, largest);
        fill(random, weights.recurrentBias, largest);
    }
    return layers;
}

std::vector<AttentionLayerWeights<float>> attentionLayers(
    const PlanShape& shape, RandomWeights& random)
{
    std::vector<AttentionLayerWeights<float>> layers(shape.layers);
    const double largest = 1 / std::sqrt(static_cast<double>(shape.width));
    for (AttentionLayerWeights<float>& weights : layers) {
        weights.queryKeyValue.resize(shape.width, 3 * shape.width);
        weights.queryKeyValueBias.resize(3 * shape.width);
        weights.projection.resize(shape.width, shape.width);
        weights.projectionBias.resize(shape.width);
        fill(random, weights.queryKeyValue, largest);
        fill(random, weights.queryKeyValueBias, largest);
        fill(random, weights.projection, largest);
        fill(random, weights.projectionBias, largest);
    }
    return layers;
}

std::int64_t parametersOf(const std::vector<LstmLayerWeights<float>>& layers)
{
    std::int64_t count = 0;
    for (const LstmLayerWeights<float>& layer : layers)
        count += layer.input.size() + layer.recurrent.size() + layer.inputBias.size()
            + layer.recurrentBias.size();
    return count;
}

std::int64_t parametersOf(const std::vector<AttentionLayerWeights<float>>& layers)
{
    std::int64_t count = 0;
    for (const AttentionLayerWeights<float>& layer : layers)
        count += layer.queryKeyValue.size() + layer.queryKeyValueBias.size()
            + layer.projection.size() + layer.projectionBias.size();
    return count;
}

} // namespace

void RandomWeights::fill(std::span<float> values, double largest)
{
    std::uniform_real_distribution<float> uniform(
        static_cast<float>(-largest), static_cast<float>(largest));
    for (float& value : values)
        value = uniform(m_generator);
}

RandomLayers::RandomLayers(const PlanShape& shape, RandomWeights& random)
{
    if (shape.kind == ModelKind::Lstm)
        lstm = lstmLayers(shape, random);
    else
        attention = attentionLayers(shape, random);
}

std::int64_t RandomLayers::parameters() const
{
    return parametersOf(lstm) + parametersOf(attention);
}

} // namespace timestep
