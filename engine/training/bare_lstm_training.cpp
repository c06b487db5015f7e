// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/bare_lstm_training.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/execution/random_layers.h"
#include "engine/model/reference_lstm_gradients.h"
#include "engine/training/lstm_training.h"

#include <limits>

namespace timestep {

namespace {

/// Of some arrays, each relative to its own largest magnitude.
struct LargestError
{
    double largest = 0;

    template <typename Found, typename Expected>
    void compare(const Found& found, const Expected& expected)
    {
        const double magnitude = expected.cwiseAbs().maxCoeff();
        const double difference = (found - expected).cwiseAbs().maxCoeff();
        // A difference that is no number counts, too.
        if (const double error = difference / magnitude; !(error <= largest))
            largest = error;
    }
};

} // namespace

struct BareLstmTraining::Layers
{
    PlanShape shape;
    const Kernels& kernels;
    std::vector<LstmLayerWeights<float>> plain; // L
    PackedLstm packed { plain };
    PackedLstmBackward backward { plain };
    AlignedFloats input; // (B, T, I)
    AlignedFloats output; // (B, T, H)
    AlignedFloats outputGradient; // (B, T, units)
    AlignedFloats inputGradient; // (B, T, I)
    const LstmTraining* last = nullptr; // prepared last

    Layers(const PlanShape& theShape, const Kernels& theKernels, RandomWeights random)
        : shape(theShape)
        , kernels(theKernels)
        , plain(randomLstmLayers(shape, random))
        , input(product({ shape.rows, shape.steps, shape.inputWidth }))
        , output(product({ shape.rows, shape.steps, shape.width }))
        , outputGradient(product({ shape.rows, shape.steps, roundUpToLanes(shape.width) }))
        , inputGradient(input.count())
    {
        random.fill({ input.data(), input.count() }, 1);
        const auto width = static_cast<std::size_t>(shape.width);
        const std::size_t positions = product({ shape.rows, shape.steps });
        for (std::size_t i = 0; i < positions; ++i)
            random.fill({ outputGradient.data() + i * roundUpToLanes(shape.width), width }, 1);
    }

    /// (T, I) of (B, T, I)
    Matrix<double> ofRow(const AlignedFloats& values, int row) const
    {
        const float* first = values.data() + product({ row, shape.steps, shape.inputWidth });
        return Eigen::Map<const Matrix<float>>(first, shape.steps, shape.inputWidth).cast<double>();
    }

    /// (T, H)
    Matrix<double> outputGradientOf(int row) const
    {
        const int units = roundUpToLanes(shape.width);
        const float* first = outputGradient.data() + product({ row, shape.steps, units });
        return Eigen::Map<const Matrix<float>>(first, shape.steps, units)
            .leftCols(shape.width)
            .cast<double>();
    }
};

BareLstmTraining::BareLstmTraining(
    const PlanShape& shape, const Kernels& kernels, std::uint64_t seed)
{
    PlanShape bare = shape;
    bare.bareLayer = true;
    bare.training = true;
    bare.inputWidth = shape.width;
    m_layers = std::make_unique<Layers>(bare, kernels, RandomWeights(seed));
}

BareLstmTraining::~BareLstmTraining() = default;

const PlanShape& BareLstmTraining::shape() const { return m_layers->shape; }

std::int64_t BareLstmTraining::parameters() const { return parametersOf(m_layers->plain); }

std::size_t BareLstmTraining::bytesNeeded(const Plan& plan, int lanes) const
{
    return LstmTraining::bytesNeeded(plan, lanes);
}

std::unique_ptr<Computation> BareLstmTraining::prepare(
    const Plan& plan, int lanes, MemoryAccount& account)
{
    Layers& l = *m_layers;
    LstmTraining::Setup setup;
    setup.forward.weights = &l.packed;
    setup.forward.kernels = &l.kernels;
    setup.forward.input.width = l.shape.inputWidth;
    setup.forward.input.steps = l.shape.steps;
    setup.forward.input.given = l.input.data();
    setup.forward.output = { l.output.data(), l.shape.rows };
    setup.backward = &l.backward;
    setup.outputGradient = l.outputGradient.data();
    setup.inputGradient = l.inputGradient.data();
    auto computation = std::make_unique<LstmTraining>(plan, setup, lanes, account);
    l.last = computation.get();
    return computation;
}

double BareLstmTraining::maxError() const
{
    const Layers& l = *m_layers;
    const PlanShape& shape = l.shape;
    constexpr double slow = 5e10; // some seconds of the reference
    const double flops = 48.0 * shape.layers * shape.rows * shape.steps * shape.width * shape.width;
    if (flops > slow || l.last == nullptr)
        return std::numeric_limits<double>::quiet_NaN();

    std::vector<LstmLayerWeights<double>> layers;
    for (const LstmLayerWeights<float>& layer : l.plain)
        layers.push_back({ layer.input.cast<double>(), layer.recurrent.cast<double>(),
            layer.inputBias.cast<double>(), layer.recurrentBias.cast<double>() });
    std::vector<LstmLayerWeights<double>> expected = zeroGradients(layers);
    LargestError error;
    for (int row = 0; row < shape.rows; ++row) {
        const Matrix<double> inputGradient = addBareGradients<double>(
            layers, l.ofRow(l.input, row), l.outputGradientOf(row), expected);
        error.compare(l.ofRow(l.inputGradient, row), inputGradient);
    }
    const std::vector<LstmLayerWeights<float>> found = lstmGradients(shape, l.last->gradients());
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        error.compare(found[layer].input.cast<double>(), expected[layer].input);
        error.compare(found[layer].recurrent.cast<double>(), expected[layer].recurrent);
        error.compare(found[layer].inputBias.cast<double>(), expected[layer].inputBias);
        error.compare(found[layer].recurrentBias.cast<double>(), expected[layer].recurrentBias);
    }
    return error.largest;
}

} // namespace timestep
