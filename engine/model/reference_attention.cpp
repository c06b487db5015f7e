// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reference_attention.h"

#include "engine/model/sinusoid_positions.h"

#include <cassert>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

// Of tanh's argument in GPT-2's GELU: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))
// (Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2).
constexpr double geluScale = 0.79788456080286535588; // √(2/π)
constexpr double geluCubic = 0.044715;

template <typename Scalar>
Matrix<Scalar> gelu(const Matrix<Scalar>& x)
{
    const auto a = x.array();
    const auto argument
        = static_cast<Scalar>(geluScale) * (a + static_cast<Scalar>(geluCubic) * a.cube());
    return (static_cast<Scalar>(0.5) * a * (1 + argument.tanh())).matrix();
}

template <typename Scalar, typename Derived>
Matrix<Scalar> geluDerivative(const Eigen::MatrixBase<Derived>& x)
{
    const auto a = x.array();
    const Matrix<Scalar> squashed
        = (static_cast<Scalar>(geluScale) * (a + static_cast<Scalar>(geluCubic) * a.cube()))
              .tanh()
              .matrix();
    const auto inner
        = static_cast<Scalar>(geluScale) * (1 + static_cast<Scalar>(3 * geluCubic) * a.square());
    const auto half = static_cast<Scalar>(0.5);
    return (half * (1 + squashed.array()) + half * a * (1 - squashed.array().square()) * inner)
        .matrix();
}

template <typename Scalar>
LayerNormActivations<Scalar> layerNormForward(const Matrix<Scalar>& input,
    const RowVector<Scalar>& gain, const RowVector<Scalar>& bias, double epsilon)
{
    LayerNormActivations<Scalar> kept;
    kept.normalized.resizeLike(input);
    kept.inverseDeviation.resize(input.rows());
    kept.output.resizeLike(input);
    for (Eigen::Index t = 0; t < input.rows(); ++t) {
        const RowVector<Scalar> centred = input.row(t).array() - input.row(t).mean();
        const Scalar variance = centred.squaredNorm() / static_cast<Scalar>(centred.size());
        kept.inverseDeviation(t) = 1 / std::sqrt(variance + static_cast<Scalar>(epsilon));
        kept.normalized.row(t) = centred * kept.inverseDeviation(t);
        kept.output.row(t) = kept.normalized.row(t).cwiseProduct(gain) + bias;
    }
    return kept;
}

/// Softmax of row t over the columns that are seen; the rest are zero.
template <typename Scalar>
void softmaxRow(Matrix<Scalar>& scores, Eigen::Index t, IndexRange columns)
{
    auto seen = scores.row(t).segment(columns.begin, columns.count()).array();
    seen = (seen - seen.maxCoeff()).exp().eval();
    seen /= seen.sum();
    scores.row(t).head(columns.begin).setZero();
    scores.row(t).tail(scores.cols() - columns.end).setZero();
}

/// (N, 3D): gradient of queries, keys and values, given that of the mixed heads (N, D).
template <typename Scalar>
Matrix<Scalar> scaledDotProductsBackward(
    const SelfAttentionActivations<Scalar>& kept, const Matrix<Scalar>& mixedGradient)
{
    const Eigen::Index steps = mixedGradient.rows();
    const Eigen::Index width = mixedGradient.cols();
    const auto heads = static_cast<Eigen::Index>(kept.affinity.size());
    const Eigen::Index headWidth = width / heads;
    const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(headWidth));
    Matrix<Scalar> gradient(steps, 3 * width);
    for (Eigen::Index a = 0; a < heads; ++a) {
        const auto part = [&](auto&& all, Eigen::Index which) {
            return all.block(0, which * width + a * headWidth, steps, headWidth);
        };
        const auto affinity
            = kept.affinity[static_cast<std::size_t>(a)].topLeftCorner(steps, steps);
        const auto mixed = part(mixedGradient, 0);
        part(gradient, 2).noalias() = affinity.transpose() * mixed;

        // Through the softmax: dS = P ∘ (dP − rowsum(P ∘ dP))
        Matrix<Scalar> scores = mixed * part(kept.queryKeyValue, 2).transpose(); // dP (N, N)
        const Eigen::Matrix<Scalar, Eigen::Dynamic, 1> shared
            = scores.cwiseProduct(affinity).rowwise().sum();
        scores.colwise() -= shared;
        scores = scores.cwiseProduct(affinity) * scale;
        part(gradient, 0).noalias() = scores * part(kept.queryKeyValue, 1);
        part(gradient, 1).noalias() = scores.transpose() * part(kept.queryKeyValue, 0);
    }
    return gradient;
}

template <typename Scalar>
AttentionBlockActivations<Scalar> blockForward(const AttentionLayerWeights<Scalar>& weights,
    const ModelShape& shape, const Matrix<Scalar>& input, const AttentionMask& mask, int layer,
    const DropoutFactor& dropout)
{
    AttentionBlockActivations<Scalar> kept;
    kept.attentionNorm = layerNormForward(
        input, weights.attentionNormGain, weights.attentionNormBias, shape.layerNormEpsilon);
    kept.attention = selfAttentionForward(weights, kept.attentionNorm.output, shape.heads, mask);
    const Matrix<Scalar> attended // (T, D)
        = input + withDropout(kept.attention.output, dropout, dropoutOfProjection(layer));

    kept.feedForwardNorm = layerNormForward(
        attended, weights.feedForwardNormGain, weights.feedForwardNormBias, shape.layerNormEpsilon);
    kept.expanded = kept.feedForwardNorm.output * weights.expand;
    kept.expanded.rowwise() += weights.expandBias;
    kept.activated = gelu(kept.expanded);
    Matrix<Scalar> contracted = kept.activated * weights.contract; // (T, D)
    contracted.rowwise() += weights.contractBias;
    kept.output
        = attended + withDropout(std::move(contracted), dropout, dropoutOfContraction(layer));
    return kept;
}

} // namespace

template <typename Scalar>
SelfAttentionActivations<Scalar> selfAttentionForward(const AttentionLayerWeights<Scalar>& weights,
    Matrix<Scalar> input, int heads, const AttentionMask& mask)
{
    const int steps = static_cast<int>(input.rows());
    const Eigen::Index width = input.cols();
    assert(heads > 0 && width % heads == 0);
    const Eigen::Index headWidth = width / heads;
    const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(headWidth));

    SelfAttentionActivations<Scalar> kept;
    kept.input = std::move(input);
    kept.queryKeyValue = kept.input * weights.queryKeyValue;
    kept.queryKeyValue.rowwise() += weights.queryKeyValueBias;
    kept.mixed.resize(steps, width);
    for (int a = 0; a < heads; ++a) {
        const auto query = kept.queryKeyValue.middleCols(a * headWidth, headWidth);
        const auto key = kept.queryKeyValue.middleCols(width + a * headWidth, headWidth);
        const auto value = kept.queryKeyValue.middleCols(2 * width + a * headWidth, headWidth);
        Matrix<Scalar> affinity = scale * (query * key.transpose()); // (T, T)
        for (int t = 0; t < steps; ++t)
            softmaxRow(affinity, t, mask.keysSeenBy(t, steps));
        kept.mixed.middleCols(a * headWidth, headWidth).noalias() = affinity * value;
        kept.affinity.push_back(std::move(affinity));
    }
    kept.output = kept.mixed * weights.projection;
    kept.output.rowwise() += weights.projectionBias;
    return kept;
}

template <typename Scalar>
AttentionActivations<Scalar> attentionForward(const AttentionWeights<Scalar>& weights,
    const ModelShape& shape, std::span<const TokenId> tokens, bool causal,
    const DropoutFactor& dropout)
{
    const auto steps = static_cast<int>(tokens.size());
    const bool sinusoids = weights.positions.size() == 0;
    assert(sinusoids || steps <= weights.positions.rows());
    Matrix<Scalar> input(steps, weights.embedding.cols()); // (T, D)
    for (int t = 0; t < steps; ++t)
        input.row(t) = weights.embedding.row(tokens[static_cast<std::size_t>(t)]);
    if (sinusoids)
        input += sinusoidPositions<Scalar>(steps, shape.width);
    else
        input += weights.positions.topRows(steps);
    input = withDropout(std::move(input), dropout, dropoutOfEmbedding);

    const AttentionMask mask { causal, shape.attentionWindow };
    AttentionActivations<Scalar> kept;
    for (const AttentionLayerWeights<Scalar>& layer : weights.layers) {
        const Matrix<Scalar>& below = kept.blocks.empty() ? input : kept.blocks.back().output;
        kept.blocks.push_back(
            blockForward(layer, shape, below, mask, static_cast<int>(kept.blocks.size()), dropout));
    }
    kept.finalNorm = layerNormForward(kept.blocks.empty() ? input : kept.blocks.back().output,
        weights.finalNormGain, weights.finalNormBias, shape.layerNormEpsilon);
    return kept;
}

template <typename Scalar>
Matrix<Scalar> attentionLogits(
    const AttentionWeights<Scalar>& weights, const Matrix<Scalar>& hidden)
{
    return hidden * weights.outputHead().transpose();
}

template <typename Scalar>
Matrix<Scalar> layerNormBackward(const LayerNormActivations<Scalar>& kept,
    const RowVector<Scalar>& gain, const Matrix<Scalar>& outputGradient)
{
    Matrix<Scalar> gradient(outputGradient.rows(), outputGradient.cols());
    for (Eigen::Index t = 0; t < gradient.rows(); ++t) {
        const auto normalized = kept.normalized.row(t);
        const RowVector<Scalar> scaled = outputGradient.row(t).cwiseProduct(gain);
        const Scalar along = scaled.dot(normalized) / static_cast<Scalar>(scaled.size());
        gradient.row(t) = kept.inverseDeviation(t)
            * (scaled.array() - scaled.mean() - normalized.array() * along).matrix();
    }
    return gradient;
}

template <typename Scalar>
SelfAttentionGradients<Scalar> selfAttentionBackward(const AttentionLayerWeights<Scalar>& weights,
    const SelfAttentionActivations<Scalar>& kept, Matrix<Scalar> outputGradient)
{
    SelfAttentionGradients<Scalar> back;
    back.output = std::move(outputGradient);
    back.queryKeyValue
        = scaledDotProductsBackward<Scalar>(kept, back.output * weights.projection.transpose());
    back.input = back.queryKeyValue * weights.queryKeyValue.transpose();
    return back;
}

template <typename Scalar>
AttentionBlockGradients<Scalar> blockBackward(const AttentionLayerWeights<Scalar>& weights,
    const AttentionBlockActivations<Scalar>& kept, const Matrix<Scalar>& outputGradient, int layer,
    const DropoutFactor& dropout)
{
    AttentionBlockGradients<Scalar> back;
    back.output = withDropout(outputGradient, dropout, dropoutOfContraction(layer));
    back.expanded
        = (back.output * weights.contract.transpose())
              .cwiseProduct(geluDerivative<Scalar>(kept.expanded.topRows(back.output.rows())));
    back.feedForwardNorm = back.expanded * weights.expand.transpose();
    const Matrix<Scalar> attended = outputGradient
        + layerNormBackward(
            kept.feedForwardNorm, weights.feedForwardNormGain, back.feedForwardNorm);
    back.attention = selfAttentionBackward<Scalar>(
        weights, kept.attention, withDropout(attended, dropout, dropoutOfProjection(layer)));
    back.input = attended
        + layerNormBackward(kept.attentionNorm, weights.attentionNormGain, back.attention.input);
    return back;
}

template <typename Scalar>
Matrix<Scalar> attentionInputGradient(const AttentionWeights<Scalar>& weights,
    const AttentionActivations<Scalar>& activations, const Matrix<Scalar>& hiddenGradient,
    std::stop_token stop)
{
    Matrix<Scalar> gradient
        = layerNormBackward(activations.finalNorm, weights.finalNormGain, hiddenGradient);
    for (std::size_t l = activations.blocks.size(); l-- > 0 && !stop.stop_requested();)
        gradient = blockBackward<Scalar>(weights.layers[l], activations.blocks[l], gradient).input;
    return gradient;
}

template SelfAttentionActivations<float> selfAttentionForward(
    const AttentionLayerWeights<float>&, Matrix<float>, int, const AttentionMask&);
template SelfAttentionActivations<double> selfAttentionForward(
    const AttentionLayerWeights<double>&, Matrix<double>, int, const AttentionMask&);
template AttentionActivations<float> attentionForward(const AttentionWeights<float>&,
    const ModelShape&, std::span<const TokenId>, bool, const DropoutFactor&);
template AttentionActivations<double> attentionForward(const AttentionWeights<double>&,
    const ModelShape&, std::span<const TokenId>, bool, const DropoutFactor&);
template Matrix<float> attentionLogits(const AttentionWeights<float>&, const Matrix<float>&);
template Matrix<double> attentionLogits(const AttentionWeights<double>&, const Matrix<double>&);
template Matrix<float> layerNormBackward(
    const LayerNormActivations<float>&, const RowVector<float>&, const Matrix<float>&);
template Matrix<double> layerNormBackward(
    const LayerNormActivations<double>&, const RowVector<double>&, const Matrix<double>&);
template SelfAttentionGradients<float> selfAttentionBackward(
    const AttentionLayerWeights<float>&, const SelfAttentionActivations<float>&, Matrix<float>);
template SelfAttentionGradients<double> selfAttentionBackward(
    const AttentionLayerWeights<double>&, const SelfAttentionActivations<double>&, Matrix<double>);
template AttentionBlockGradients<float> blockBackward(const AttentionLayerWeights<float>&,
    const AttentionBlockActivations<float>&, const Matrix<float>&, int, const DropoutFactor&);
template AttentionBlockGradients<double> blockBackward(const AttentionLayerWeights<double>&,
    const AttentionBlockActivations<double>&, const Matrix<double>&, int, const DropoutFactor&);
template Matrix<float> attentionInputGradient(const AttentionWeights<float>&,
    const AttentionActivations<float>&, const Matrix<float>&, std::stop_token);
template Matrix<double> attentionInputGradient(const AttentionWeights<double>&,
    const AttentionActivations<double>&, const Matrix<double>&, std::stop_token);

} // namespace timestep
