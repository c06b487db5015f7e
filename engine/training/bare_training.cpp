// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/bare_training.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/execution/random_layers.h"
#include "engine/model/reference_attention_gradients.h"
#include "engine/model/reference_lstm_gradients.h"
#include "engine/training/attention_training.h"
#include "engine/training/largest_error.h"
#include "engine/training/lstm_training.h"

#include <cassert>
#include <functional>
#include <limits>

namespace timestep {

namespace {

std::vector<LstmLayerWeights<double>> inDouble(const std::vector<LstmLayerWeights<float>>& layers)
{
    return LstmWeights<float> { {}, layers, {}, {} }.cast<double>().layers;
}

std::vector<AttentionLayerWeights<double>> inDouble(
    const std::vector<AttentionLayerWeights<float>>& layers)
{
    return AttentionWeights<float> { {}, {}, layers, {}, {}, {} }.cast<double>().layers;
}

} // namespace

struct BareTraining::Layers
{
    PlanShape shape;
    const Kernels& kernels;
    RandomLayers weights;
    PackedLstm packedLstm { weights.lstm };
    PackedLstmBackward lstmBackward { weights.lstm };
    PackedAttention packedAttention { weights.attention };
    std::vector<PackedAttentionLayerBackward> attentionBackward { packBackward(weights.attention) };
    int outputStride; // of the output's gradient: padded for an LSTM
    AlignedFloats input; // (B, T, I)
    AlignedFloats output; // (B, T, width)
    AlignedFloats outputGradient; // (B, T, output stride)
    AlignedFloats inputGradient; // (B, T, I)
    std::function<const float*()> gradients; // of what was prepared last

    Layers(const PlanShape& theShape, const Kernels& theKernels, RandomWeights random)
        : shape(theShape)
        , kernels(theKernels)
        , weights(shape, random)
        , outputStride(shape.kind == ModelKind::Lstm ? roundUpToLanes(shape.width) : shape.width)
        , input(product({ shape.rows, shape.steps, shape.inputWidth }))
        , output(product({ shape.rows, shape.steps, shape.width }))
        , outputGradient(product({ shape.rows, shape.steps, outputStride }))
        , inputGradient(input.count())
    {
        random.fill({ input.data(), input.count() }, 1);
        const auto width = static_cast<std::size_t>(shape.width);
        const std::size_t positions = product({ shape.rows, shape.steps });
        for (std::size_t i = 0; i < positions; ++i)
            random.fill({ outputGradient.data() + i * outputStride, width }, 1);
    }

    /// (T, stride) of (B, T, stride)
    Eigen::Map<const Matrix<float>> ofRow(const AlignedFloats& values, int row, int stride) const
    {
        return { values.data() + product({ row, shape.steps, stride }), shape.steps, stride };
    }

    Matrix<double> referenceRow(const std::vector<LstmLayerWeights<double>>& layers, int row,
        std::vector<LstmLayerWeights<double>>& expected) const
    {
        return addBareGradients<double>(layers, inputOf(row), outputGradientOf(row), expected);
    }

    Matrix<double> referenceRow(const std::vector<AttentionLayerWeights<double>>& layers, int row,
        std::vector<AttentionLayerWeights<double>>& expected) const
    {
        return addBareGradients<double>(
            layers, inputOf(row), shape.heads, shape.mask(), outputGradientOf(row), expected);
    }

    template <typename LayerWeights, typename FoundWeights>
    double largestError(
        const std::vector<LayerWeights>& layers, const std::vector<FoundWeights>& found) const
    {
        std::vector<LayerWeights> expected = zeroGradients(layers);
        LargestError error;
        for (int row = 0; row < shape.rows; ++row) {
            const Matrix<double> expectedInput = referenceRow(layers, row, expected);
            error.compare(ofRow(inputGradient, row, shape.inputWidth), expectedInput);
        }
        for (std::size_t layer = 0; layer < layers.size(); ++layer)
            error.compare(found[layer], expected[layer]);
        return error.largest;
    }

private:
    Matrix<double> inputOf(int row) const
    {
        return ofRow(input, row, shape.inputWidth).cast<double>();
    }

    Matrix<double> outputGradientOf(int row) const
    {
        return ofRow(outputGradient, row, outputStride).leftCols(shape.width).cast<double>();
    }
};

BareTraining::BareTraining(const PlanShape& shape, const Kernels& kernels, std::uint64_t seed)
{
    PlanShape bare = shape;
    bare.bareLayer = true;
    bare.training = true;
    if (shape.kind == ModelKind::Attention || shape.inputWidth == 0)
        bare.inputWidth = shape.width;
    m_layers = std::make_unique<Layers>(bare, kernels, RandomWeights(seed));
}

BareTraining::~BareTraining() = default;

const PlanShape& BareTraining::shape() const { return m_layers->shape; }

std::int64_t BareTraining::parameters() const { return m_layers->weights.parameters(); }

std::size_t BareTraining::bytesNeeded(const Plan& plan, int lanes) const
{
    return trainingBytes(plan, lanes);
}

std::size_t trainingBytes(const Plan& plan, int lanes)
{
    return plan.shape().kind == ModelKind::Lstm ? LstmTraining::bytesNeeded(plan, lanes)
                                                : AttentionTraining::bytesNeeded(plan, lanes);
}

std::unique_ptr<Computation> BareTraining::prepare(
    const Plan& plan, int lanes, MemoryAccount& account)
{
    Layers& l = *m_layers;
    const auto fill = [&l](auto& setup) {
        setup.forward.kernels = &l.kernels;
        setup.forward.input.width = l.shape.inputWidth;
        setup.forward.input.steps = l.shape.steps;
        setup.forward.input.given = l.input.data();
        setup.forward.output = { l.output.data(), l.shape.rows };
        setup.outputGradient = l.outputGradient.data();
        setup.inputGradient = l.inputGradient.data();
    };
    if (l.shape.kind == ModelKind::Lstm) {
        LstmTraining::Setup setup;
        fill(setup);
        setup.forward.weights = &l.packedLstm;
        setup.backward = &l.lstmBackward;
        auto training = std::make_unique<LstmTraining>(plan, setup, lanes, account);
        l.gradients = [of = training.get()] { return of->gradients(); };
        return training;
    }
    AttentionTraining::Setup setup;
    fill(setup);
    setup.forward.weights = &l.packedAttention;
    setup.backward = &l.attentionBackward;
    auto training = std::make_unique<AttentionTraining>(plan, setup, lanes, account);
    l.gradients = [of = training.get()] { return of->gradients(); };
    return training;
}

const float* BareTraining::gradients() const
{
    assert(m_layers->gradients);
    return m_layers->gradients();
}

const float* BareTraining::inputGradient() const { return m_layers->inputGradient.data(); }

double BareTraining::maxError() const
{
    const Layers& l = *m_layers;
    const PlanShape& s = l.shape;
    constexpr double slow = 5e10; // some seconds of the reference
    const double positions = static_cast<double>(s.rows) * s.steps;
    const double square = static_cast<double>(s.width) * s.width;
    const double pairs = s.kind == ModelKind::Lstm ? 0 : 12 * positions * s.steps * s.width;
    const double flops
        = s.layers * ((s.kind == ModelKind::Lstm ? 48 : 24) * positions * square + pairs);
    if (flops > slow || !l.gradients)
        return std::numeric_limits<double>::quiet_NaN();
    return s.kind == ModelKind::Lstm
        ? l.largestError(inDouble(l.weights.lstm), lstmGradients(s, gradients()))
        : l.largestError(inDouble(l.weights.attention), attentionGradients(s, gradients()));
}

} // namespace timestep
