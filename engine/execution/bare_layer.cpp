// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/bare_layer.h"

#include "engine/execution/attention_computation.h"
#include "engine/execution/lstm_computation.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/execution/reference_output.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <variant>

namespace timestep {

namespace {

/// Uniform in ±1/√fan-in, as PyTorch starts its layers.
class RandomWeights
{
public:
    explicit RandomWeights(std::uint64_t seed)
        : m_generator(seed)
    {
    }

    void fill(std::span<float> values, double largest)
    {
        std::uniform_real_distribution<float> uniform(
            static_cast<float>(-largest), static_cast<float>(largest));
        for (float& value : values)
            value = uniform(m_generator);
    }

    template <typename Derived>
    void fill(Eigen::PlainObjectBase<Derived>& values, double largest)
    {
        fill(std::span(values.data(), static_cast<std::size_t>(values.size())), largest);
    }

private:
    std::mt19937_64 m_generator;
};

std::vector<LstmLayerWeights<float>> randomLstm(const PlanShape& shape, RandomWeights& random)
{
    std::vector<LstmLayerWeights<float>> layers(shape.layers);
    const double largest = 1 / std::sqrt(static_cast<double>(shape.width));
    for (int layer = 0; layer < shape.layers; ++layer) {
        LstmLayerWeights<float>& weights = layers[layer];
        weights.input.resize(4 * shape.width, layer == 0 ? shape.inputWidth : shape.width);
        weights.recurrent.resize(4 * shape.width, shape.width);
        weights.inputBias.resize(4 * shape.width);
        weights.recurrentBias.resize(4 * shape.width);
        random.fill(weights.input, largest);
        random.fill(weights.recurrent, largest);
        random.fill(weights.inputBias, largest);
        random.fill(weights.recurrentBias, largest);
    }
    return layers;
}

std::vector<AttentionLayerWeights<float>> randomAttention(
    const PlanShape& shape, RandomWeights& random)
{
    std::vector<AttentionLayerWeights<float>> layers(shape.layers);
    const double largest = 1 / std::sqrt(static_cast<double>(shape.width));
    for (AttentionLayerWeights<float>& weights : layers) {
        weights.queryKeyValue.resize(shape.width, 3 * shape.width);
        weights.queryKeyValueBias.resize(3 * shape.width);
        weights.projection.resize(shape.width, shape.width);
        weights.projectionBias.resize(shape.width);
        random.fill(weights.queryKeyValue, largest);
        random.fill(weights.queryKeyValueBias, largest);
        random.fill(weights.projection, largest);
        random.fill(weights.projectionBias, largest);
    }
    return layers;
}

std::int64_t countOf(const std::vector<LstmLayerWeights<float>>& layers)
{
    std::int64_t count = 0;
    for (const LstmLayerWeights<float>& layer : layers)
        count += layer.input.size() + layer.recurrent.size() + layer.inputBias.size()
            + layer.recurrentBias.size();
    return count;
}

std::int64_t countOf(const std::vector<AttentionLayerWeights<float>>& layers)
{
    std::int64_t count = 0;
    for (const AttentionLayerWeights<float>& layer : layers)
        count += layer.queryKeyValue.size() + layer.queryKeyValueBias.size()
            + layer.projection.size() + layer.projectionBias.size();
    return count;
}

} // namespace

struct BareLayer::Layers
{
    PlanShape shape;
    const Kernels& kernels;
    std::vector<LstmLayerWeights<float>> lstm; // L, or empty
    std::vector<AttentionLayerWeights<float>> attention; // L, or empty
    PackedLstm packedLstm { lstm };
    PackedAttention packedAttention { attention };
    AlignedFloats input; // (B, T, I)
    AlignedFloats output; // (B, T − first step, width)

    Layers(const PlanShape& theShape, const Kernels& theKernels, RandomWeights random)
        : shape(theShape)
        , kernels(theKernels)
        , lstm(shape.kind == ModelKind::Lstm ? randomLstm(shape, random)
                                             : std::vector<LstmLayerWeights<float>> {})
        , attention(shape.kind == ModelKind::Attention
                  ? randomAttention(shape, random)
                  : std::vector<AttentionLayerWeights<float>> {})
        , input(product({ shape.rows, shape.steps, shape.inputWidth }))
        , output(product({ shape.rows, shape.newSteps(), shape.width }))
    {
        random.fill({ input.data(), input.count() }, 1);
    }
};

BareLayer::BareLayer(const PlanShape& shape, const Kernels& kernels, std::uint64_t seed)
{
    PlanShape bare = shape;
    bare.bareLayer = true;
    bare.inputWidth = shape.width;
    m_layers = std::make_unique<Layers>(bare, kernels, RandomWeights(seed));
}

BareLayer::~BareLayer() = default;

const PlanShape& BareLayer::shape() const { return m_layers->shape; }

std::int64_t BareLayer::parameters() const
{
    return countOf(m_layers->lstm) + countOf(m_layers->attention);
}

const float* BareLayer::output() const { return m_layers->output.data(); }

std::size_t BareLayer::bytesNeeded(const Plan& plan, int lanes) const
{
    return m_layers->shape.kind == ModelKind::Lstm ? LstmComputation::bytesNeeded(plan, lanes)
                                                   : AttentionComputation::bytesNeeded(plan, lanes);
}

std::unique_ptr<Computation> BareLayer::prepare(const Plan& plan, int lanes, MemoryAccount& account)
{
    Layers& l = *m_layers;
    SequenceInput input;
    input.width = l.shape.inputWidth;
    input.steps = l.shape.steps;
    input.given = l.input.data();
    const SequenceOutput output { l.output.data(), l.shape.rows };
    if (l.shape.kind == ModelKind::Lstm) {
        LstmComputation::Setup setup;
        setup.weights = &l.packedLstm;
        setup.kernels = &l.kernels;
        setup.input = input;
        setup.output = output;
        return std::make_unique<LstmComputation>(plan, setup, lanes, account);
    }
    AttentionComputation::Setup setup;
    setup.weights = &l.packedAttention;
    setup.kernels = &l.kernels;
    setup.input = input;
    setup.output = output;
    return std::make_unique<AttentionComputation>(plan, setup, lanes, account);
}

double BareLayer::maxError() const
{
    const Layers& l = *m_layers;
    if (l.shape.firstStep > 0 && wholeReferenceIsSlow(l.shape))
        return std::numeric_limits<double>::quiet_NaN();
    const Eigen::Map<const Matrix<float>> input(l.input.data(), l.shape.steps, l.shape.inputWidth);
    const ReferenceOutput expected = l.shape.kind == ModelKind::Lstm
        ? bareReference(l.shape, l.lstm, input.cast<double>())
        : bareReference(l.shape, l.attention, input.cast<double>());
    return relativeError(expected, l.output.data());
}

} // namespace timestep
