// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/model_layers_training.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/execution/random_layers.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_attention_gradients.h"
#include "engine/model/reference_lstm_gradients.h"
#include "engine/training/attention_training.h"
#include "engine/training/bare_training.h"
#include "engine/training/largest_error.h"
#include "engine/training/lstm_training.h"
#include "engine/training/trained_parameters.h"

#include <limits>
#include <utility>

namespace timestep {

namespace {

/// The same sizes, but the loss and the update are left out.
PlanShape layersOnly(PlanShape shape)
{
    shape.ends = {};
    return shape;
}

int outputStrideOf(const PlanShape& shape)
{
    return shape.kind == ModelKind::Lstm ? roundUpToLanes(shape.width) : shape.width;
}

} // namespace

struct ModelLayersTraining::Parts
{
    ModelPointer model;
    std::vector<TokenId> tokens; // (T)
    const Kernels& kernels;
    PlanShape shape;
    std::unique_ptr<TrainedParameters> weights;
    int outputStride;
    AlignedFloats output; // (B, T, width)
    AlignedFloats outputGradient; // (B, T, output stride)
    AlignedFloats inputGradient; // (B, T, I)
    const LayersTraining* prepared = nullptr;

    Parts(ModelPointer theModel, std::vector<TokenId> theTokens, int rows,
        const Kernels& theKernels, RandomWeights random)
        : model(std::move(theModel))
        , tokens(std::move(theTokens))
        , kernels(theKernels)
        , shape(layersOnly(trainingShape(*model, rows, static_cast<int>(tokens.size()))))
        , weights(trainedParameters(*model, trainingShape(*model, rows, shape.steps)))
        , outputStride(outputStrideOf(shape))
        , output(product({ rows, shape.steps, shape.width }))
        , outputGradient(product({ rows, shape.steps, outputStride }))
        , inputGradient(product({ rows, shape.steps, shape.inputWidth }))
    {
        for (std::size_t i = 0; i < product({ rows, shape.steps }); ++i)
            random.fill({ outputGradient.data() + i * static_cast<std::size_t>(outputStride),
                            static_cast<std::size_t>(shape.width) },
                1);
    }

    std::vector<TokenId> tokensOf(int row) const
    {
        std::vector<TokenId> read;
        for (std::size_t t = 0; t < tokens.size(); ++t)
            read.push_back(tokens[(static_cast<std::size_t>(row) + t) % tokens.size()]);
        return read;
    }

    /// (T, columns) of (B, T, stride), in double.
    Matrix<double> rowOf(const AlignedFloats& values, int row, int stride, int columns) const
    {
        const Eigen::Map<const Matrix<float>> all(
            values.data() + product({ row, shape.steps, stride }), shape.steps, stride);
        return all.leftCols(columns).cast<double>();
    }

    Matrix<double> outputGradientOf(int row) const
    {
        return rowOf(outputGradient, row, outputStride, shape.width);
    }

    double errorOf(const LstmWeights<double>& plain) const
    {
        LargestError error;
        std::vector<LstmLayerWeights<double>> expected = zeroGradients(plain.layers);
        for (int row = 0; row < shape.rows; ++row) {
            Matrix<double> input(shape.steps, shape.inputWidth);
            const std::vector<TokenId> read = tokensOf(row);
            for (int t = 0; t < shape.steps; ++t)
                input.row(t) = plain.embedding.row(read[static_cast<std::size_t>(t)]);
            error.compare(rowOf(inputGradient, row, shape.inputWidth, shape.inputWidth),
                addBareGradients(plain.layers, input, outputGradientOf(row), expected));
        }
        const auto found = lstmGradients(shape, prepared->gradients());
        for (std::size_t layer = 0; layer < expected.size(); ++layer)
            error.compare(found[layer], expected[layer]);
        return error.largest;
    }

    double errorOf(const AttentionWeights<double>& plain) const
    {
        LargestError error;
        AttentionWeights<double> expected = zeroGradients(plain);
        for (int row = 0; row < shape.rows; ++row) {
            const auto kept = attentionForward(plain, model->shape, tokensOf(row), shape.causal);
            error.compare(rowOf(inputGradient, row, shape.inputWidth, shape.inputWidth),
                addBlocksGradients(plain, kept, outputGradientOf(row), expected));
        }
        const auto found = attentionGradients(shape, prepared->gradients());
        for (std::size_t layer = 0; layer < expected.layers.size(); ++layer)
            error.compareWhole(found[layer], expected.layers[layer]);
        const FinalNormGradients norm = finalNormGradients(shape, prepared->gradients());
        error.compare(norm.gain, expected.finalNormGain);
        error.compare(norm.bias, expected.finalNormBias);
        return error.largest;
    }
};

ModelLayersTraining::ModelLayersTraining(ModelPointer model, std::vector<TokenId> tokens, int rows,
    const Kernels& kernels, std::uint64_t seed)
    : m_parts(std::make_unique<Parts>(
        std::move(model), std::move(tokens), rows, kernels, RandomWeights(seed)))
{
}

ModelLayersTraining::~ModelLayersTraining() = default;

const PlanShape& ModelLayersTraining::shape() const { return m_parts->shape; }

std::int64_t ModelLayersTraining::parameters() const { return m_parts->model->parameters(); }

std::size_t ModelLayersTraining::bytesNeeded(const Plan& plan, int lanes) const
{
    return trainingBytes(plan, lanes);
}

std::unique_ptr<Computation> ModelLayersTraining::prepare(
    const Plan& plan, int lanes, MemoryAccount& account)
{
    Parts& p = *m_parts;
    TrainedEnds ends;
    ends.input.width = p.shape.inputWidth;
    ends.input.steps = p.shape.steps;
    ends.input.embedding = p.weights->embedding();
    ends.input.tokens = p.tokens;
    ends.output = { p.output.data(), p.shape.rows };
    ends.outputGradient = p.outputGradient.data();
    ends.inputGradient = p.inputGradient.data();
    ends.kernels = &p.kernels;
    auto training = p.weights->layersTraining(plan, ends, lanes, account);
    p.prepared = training.get();
    return training;
}

double ModelLayersTraining::maxError() const
{
    const Parts& p = *m_parts;
    constexpr double slow = 5e10; // some seconds of the reference
    const int context = p.model->shape.context;
    const double flops
        = 12.0 * static_cast<double>(p.model->parameters()) * p.shape.rows * p.shape.steps;
    const double affinities = 12.0 * p.shape.layers * p.shape.heads * p.shape.rows * p.shape.steps
        * p.shape.steps * p.shape.headWidth();
    if (p.prepared == nullptr || flops + affinities > slow
        || (context > 0 && p.shape.steps > context))
        return std::numeric_limits<double>::quiet_NaN();
    return std::visit(
        [&p](const auto& weights) { return p.errorOf(weights.template cast<double>()); },
        p.model->weights);
}

} // namespace timestep
