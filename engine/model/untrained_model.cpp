// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/untrained_model.h"

#include "engine/error.h"
#include "engine/model/random_stream.h"
#include "engine/model/sinusoid_positions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>

namespace timestep {

std::int64_t parameterCount(const ModelShape& shape, Positions positions)
{
    const std::int64_t width = shape.width;
    const std::int64_t vocabulary = shape.vocabulary;
    const std::int64_t head = shape.tied ? 0 : vocabulary * width;
    if (shape.kind == ModelKind::Lstm) {
        const std::int64_t first = 4 * width * (shape.embedding + width + 2);
        const std::int64_t others = (shape.layers - 1) * 8 * width * (width + 1);
        return vocabulary * (shape.embedding + 1) + head + first + others;
    }
    const std::int64_t table = positions == Positions::Learned ? shape.context * width : 0;
    return vocabulary * width + head + table + shape.layers * width * (12 * width + 13) + 2 * width;
}

int suitableHeads(int width)
{
    int best = 1;
    for (int heads = 2; heads <= width; ++heads) {
        if (width % heads == 0 && std::abs(width / heads - 32) < std::abs(width / best - 32))
            best = heads;
    }
    return best;
}

namespace {

constexpr double allowedDifference = 0.05; // of the parameters of a pair

/// Fills one tensor after the other, each from a stream of its own.
class RandomTensors
{
public:
    explicit RandomTensors(std::uint64_t seed)
        : m_seed(seed)
    {
    }

    Matrix<float> normal(int rows, int columns, double deviation)
    {
        const RandomStream stream(m_seed, m_tensors++);
        return filled(rows, columns, [&](std::uint64_t k) { return deviation * stream.normal(k); });
    }

    Matrix<float> uniform(int rows, int columns, double bound)
    {
        const RandomStream stream(m_seed, m_tensors++);
        return filled(rows, columns, [&](std::uint64_t k) { return bound * stream.uniform(k); });
    }

private:
    template <typename Number>
    static Matrix<float> filled(int rows, int columns, const Number& number)
    {
        Matrix<float> tensor(rows, columns);
        for (Eigen::Index k = 0; k < tensor.size(); ++k)
            tensor.data()[k] = static_cast<float>(number(static_cast<std::uint64_t>(k)));
        return tensor;
    }

    std::uint64_t m_seed;
    std::uint64_t m_tensors = 0;
};

/// PyTorch's defaults: embeddings of variance 1, the rest even within ±1/√H; and 1 added to the
/// biases of the forget gate, so that a cell keeps what it holds for some steps (Jozefowicz,
/// Zaremba and Sutskever, "An empirical exploration of recurrent network architectures", 2015).
LstmWeights<float> untrainedLstm(const ModelShape& shape, std::uint64_t seed)
{
    RandomTensors random(seed);
    const int width = shape.width;
    const double bound = 1 / std::sqrt(static_cast<double>(width));
    LstmWeights<float> weights { .embedding = random.normal(shape.vocabulary, shape.embedding, 1),
        .layers = {},
        .head = {},
        .headBias = RowVector<float>::Zero(shape.vocabulary) };
    for (int l = 0; l < shape.layers; ++l) {
        weights.layers.push_back(
            { .input = random.uniform(4 * width, l == 0 ? shape.embedding : width, bound),
                .recurrent = random.uniform(4 * width, width, bound),
                .inputBias = random.uniform(1, 4 * width, bound),
                .recurrentBias = random.uniform(1, 4 * width, bound) });
        weights.layers.back().inputBias.segment(width, width).array() += 1;
    }
    if (!shape.tied)
        weights.head = random.uniform(shape.vocabulary, width, bound);
    return weights;
}

/// Every product keeps the variance of what it reads (deviation 1/√inputs), and what is added to
/// the residual stream is scaled by 1/√(2L) as in GPT-2. GPT-2's own deviation of 0.02 suits a
/// width of 768: at 160 all affinities would look alike. Embeddings of deviation 0.2 are heard
/// beside the sinusoids (0.7) and leave the tied head's logits moderate (0.2 √D = 2.5).
/// Positions that are learned begin with the same deviation as the embeddings.
AttentionWeights<float> untrainedAttention(
    const ModelShape& shape, Positions positions, std::uint64_t seed)
{
    RandomTensors random(seed);
    const int width = shape.width;
    const double kept = 1 / std::sqrt(static_cast<double>(width));
    const double residual = 1 / std::sqrt(2.0 * shape.layers);
    const RowVector<float> ones = RowVector<float>::Ones(width);
    const RowVector<float> zeros = RowVector<float>::Zero(width);
    AttentionWeights<float> weights { .embedding = random.normal(shape.vocabulary, width, 0.2),
        .positions = {},
        .layers = {},
        .finalNormGain = ones,
        .finalNormBias = zeros,
        .head = {} };
    for (int l = 0; l < shape.layers; ++l) {
        weights.layers.push_back({ .attentionNormGain = ones,
            .attentionNormBias = zeros,
            .queryKeyValue = random.normal(width, 3 * width, kept),
            .queryKeyValueBias = RowVector<float>::Zero(3 * width),
            .projection = random.normal(width, width, kept * residual),
            .projectionBias = zeros,
            .feedForwardNormGain = ones,
            .feedForwardNormBias = zeros,
            .expand = random.normal(width, 4 * width, kept),
            .expandBias = RowVector<float>::Zero(4 * width),
            .contract = random.normal(4 * width, width, kept / 2 * residual),
            .contractBias = zeros });
    }
    if (positions == Positions::Learned)
        weights.positions = random.normal(shape.context, width, 0.2);
    if (!shape.tied)
        weights.head = random.normal(shape.vocabulary, width, 0.2);
    return weights;
}

ModelShape lstmShape(int vocabulary, int layers, int width)
{
    return { .kind = ModelKind::Lstm,
        .vocabulary = vocabulary,
        .layers = layers,
        .width = width,
        .embedding = width };
}

ModelShape attentionShape(int vocabulary, int layers, int width, int heads)
{
    return { .kind = ModelKind::Attention,
        .vocabulary = vocabulary,
        .layers = layers,
        .width = width,
        .embedding = width,
        .heads = heads,
        .context = longestSinusoidContext };
}

ModelShape shapeOf(ModelKind kind, int vocabulary, int layers, int width)
{
    if (kind == ModelKind::Lstm)
        return lstmShape(vocabulary, layers, width);
    return attentionShape(vocabulary, layers, width, suitableHeads(width));
}

/// Positions: waves from 6.3 tokens to twice the context, so that no two places are alike, of
/// deviation 0.4: heard beside the embeddings without drowning them. Queries and keys: how much
/// alike a token has to be grows after the first block, which is to look at its neighbourhood.
void makeMimetic(AttentionWeights<float>& weights, const ModelShape& shape)
{
    constexpr double firstScale = 0.9;
    constexpr double furtherScale = 1.3;
    constexpr double deviation = 0.4;
    const int width = shape.width;
    if (weights.positions.size() > 0)
        weights.positions
            = sinusoidPositions<float>(shape.context, width, shape.context / std::numbers::pi)
            * static_cast<float>(deviation * std::numbers::sqrt2);
    double scale = firstScale;
    for (auto& layer : weights.layers) {
        layer.queryKeyValue.leftCols(width) *= static_cast<float>(scale);
        layer.queryKeyValue.middleCols(width, width) = layer.queryKeyValue.leftCols(width);
        scale = furtherScale;
    }
}

/// The multiple of `step` whose parameters come closest as a width, for so many layers.
ModelShape closestShape(
    ModelKind kind, int vocabulary, int layers, int step, std::int64_t parameters)
{
    const auto parametersAt = [&](int steps) {
        return parameterCount(
            shapeOf(kind, vocabulary, layers, steps * step), Positions::Sinusoids);
    };
    int below = 1;
    int above = 2;
    while (parametersAt(above) < parameters)
        above *= 2;
    while (above - below > 1) {
        const int middle = below + (above - below) / 2;
        (parametersAt(middle) < parameters ? below : above) = middle;
    }
    const bool lower = parameters - parametersAt(below) <= parametersAt(above) - parameters;
    return shapeOf(kind, vocabulary, layers, (lower ? below : above) * step);
}

} // namespace

ModelPointer untrainedModel(const ModelShape& shape, Positions positions,
    std::shared_ptr<const Vocabulary> vocabulary, std::uint64_t seed, Start start)
{
    Model model { .name = untrainedName(shape.kind),
        .origin = "untrained, seed " + std::to_string(seed),
        .shape = shape,
        .weights = {},
        .vocabulary = std::move(vocabulary),
        .warnings = {} };
    if (shape.kind == ModelKind::Lstm) {
        model.weights = untrainedLstm(shape, seed);
    } else {
        AttentionWeights<float> weights = untrainedAttention(shape, positions, seed);
        if (start == Start::Mimetic)
            makeMimetic(weights, shape);
        model.weights = std::move(weights);
    }
    return std::make_shared<const Model>(std::move(model));
}

std::string untrainedName(ModelKind kind) { return "untrained-" + std::string(kindName(kind)); }

ModelPointer untrainedModel(
    ModelKind kind, std::shared_ptr<const Vocabulary> vocabulary, std::uint64_t seed)
{
    const int size = vocabulary->size();
    const ModelShape shape
        = kind == ModelKind::Lstm ? lstmShape(size, 2, 256) : attentionShape(size, 4, 160, 5);
    return untrainedModel(shape, Positions::Sinusoids, std::move(vocabulary), seed);
}

ModelPair untrainedPair(std::shared_ptr<const Vocabulary> vocabulary, std::uint64_t seed)
{
    return { .lstm = untrainedModel(ModelKind::Lstm, vocabulary, seed),
        .attention = untrainedModel(ModelKind::Attention, vocabulary, seed) };
}

ModelPointer untrainedPartner(const Model& model, std::uint64_t seed, int wanted)
{
    const bool wantsLstm = model.shape.kind == ModelKind::Attention;
    const ModelKind kind = wantsLstm ? ModelKind::Lstm : ModelKind::Attention;
    const std::int64_t parameters = model.parameters();
    // As many layers as in the bundled pair, else the next number with which the parameters agree;
    // a width that splits into heads of 32 columns, else the next best.
    const int usual = wantsLstm ? 2 : 4;
    for (const int layers : { wanted > 0 ? wanted : usual, usual, 2, 1, 3, 6, 8, 12 }) {
        for (const int step : { 32, 8, 1 }) {
            const ModelShape shape
                = closestShape(kind, model.shape.vocabulary, layers, step, parameters);
            const auto difference = static_cast<double>(
                std::abs(parameterCount(shape, Positions::Sinusoids) - parameters));
            if (difference <= allowedDifference * static_cast<double>(parameters))
                return untrainedModel(shape, Positions::Sinusoids, model.vocabulary, seed);
        }
    }
    throw Error(model.name + " has " + std::to_string(parameters)
        + " parameters, and no untrained model of the other kind comes within 5 % of it; open a "
          "second model beside it");
}

} // namespace timestep
