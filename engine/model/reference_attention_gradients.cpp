// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reference_attention_gradients.h"

#include "engine/model/cross_entropy.h"

#include <utility>

namespace timestep {

namespace {

/// Of y = x W + b, given x (T, in) and dy (T, out).
template <typename Scalar>
void addProductGradients(const Matrix<Scalar>& input, const Matrix<Scalar>& outputGradient,
    Matrix<Scalar>& weight, RowVector<Scalar>& bias)
{
    weight.noalias() += input.transpose() * outputGradient;
    bias += outputGradient.colwise().sum();
}

/// Of y = x̂ ∘ gain + bias, given dy (T, D).
template <typename Scalar>
void addNormGradients(const LayerNormActivations<Scalar>& kept,
    const Matrix<Scalar>& outputGradient, RowVector<Scalar>& gain, RowVector<Scalar>& bias)
{
    gain += outputGradient.cwiseProduct(kept.normalized).colwise().sum();
    bias += outputGradient.colwise().sum();
}

template <typename Scalar>
void addSelfAttentionGradients(const SelfAttentionActivations<Scalar>& kept,
    const SelfAttentionGradients<Scalar>& back, AttentionLayerWeights<Scalar>& gradients)
{
    addProductGradients(
        kept.input, back.queryKeyValue, gradients.queryKeyValue, gradients.queryKeyValueBias);
    addProductGradients(kept.mixed, back.output, gradients.projection, gradients.projectionBias);
}

template <typename Scalar>
void addBlockGradients(const AttentionBlockActivations<Scalar>& kept,
    const AttentionBlockGradients<Scalar>& back, AttentionLayerWeights<Scalar>& gradients)
{
    addNormGradients(kept.attentionNorm, back.attention.input, gradients.attentionNormGain,
        gradients.attentionNormBias);
    addSelfAttentionGradients(kept.attention, back.attention, gradients);
    addNormGradients(kept.feedForwardNorm, back.feedForwardNorm, gradients.feedForwardNormGain,
        gradients.feedForwardNormBias);
    addProductGradients(
        kept.feedForwardNorm.output, back.expanded, gradients.expand, gradients.expandBias);
    addProductGradients(kept.activated, back.output, gradients.contract, gradients.contractBias);
}

} // namespace

template <typename Scalar>
std::vector<AttentionLayerWeights<Scalar>> zeroGradients(
    const std::vector<AttentionLayerWeights<Scalar>>& layers)
{
    std::vector<AttentionLayerWeights<Scalar>> gradients = layers;
    for (AttentionLayerWeights<Scalar>& layer : gradients) {
        layer.attentionNormGain.setZero();
        layer.attentionNormBias.setZero();
        layer.queryKeyValue.setZero();
        layer.queryKeyValueBias.setZero();
        layer.projection.setZero();
        layer.projectionBias.setZero();
        layer.feedForwardNormGain.setZero();
        layer.feedForwardNormBias.setZero();
        layer.expand.setZero();
        layer.expandBias.setZero();
        layer.contract.setZero();
        layer.contractBias.setZero();
    }
    return gradients;
}

template <typename Scalar>
AttentionWeights<Scalar> zeroGradients(const AttentionWeights<Scalar>& weights)
{
    AttentionWeights<Scalar> gradients { .embedding = weights.embedding,
        .positions = weights.positions,
        .layers = zeroGradients(weights.layers),
        .finalNormGain = weights.finalNormGain,
        .finalNormBias = weights.finalNormBias,
        .head = weights.head };
    gradients.embedding.setZero();
    gradients.positions.setZero();
    gradients.finalNormGain.setZero();
    gradients.finalNormBias.setZero();
    gradients.head.setZero();
    return gradients;
}

template <typename Scalar>
Matrix<Scalar> addBareGradients(const std::vector<AttentionLayerWeights<Scalar>>& layers,
    const Matrix<Scalar>& input, int heads, const AttentionMask& mask,
    const Matrix<Scalar>& outputGradient, std::vector<AttentionLayerWeights<Scalar>>& gradients)
{
    std::vector<SelfAttentionActivations<Scalar>> kept;
    for (const AttentionLayerWeights<Scalar>& layer : layers)
        kept.push_back(
            selfAttentionForward(layer, kept.empty() ? input : kept.back().output, heads, mask));

    Matrix<Scalar> gradient = outputGradient;
    for (std::size_t l = layers.size(); l-- > 0;) {
        auto back = selfAttentionBackward(layers[l], kept[l], std::move(gradient));
        addSelfAttentionGradients(kept[l], back, gradients[l]);
        gradient = std::move(back.input);
    }
    return gradient;
}

template <typename Scalar>
Matrix<Scalar> addBlocksGradients(const AttentionWeights<Scalar>& weights,
    const AttentionActivations<Scalar>& kept, const Matrix<Scalar>& hiddenGradient,
    AttentionWeights<Scalar>& gradients, const DropoutFactor& dropout)
{
    addNormGradients(
        kept.finalNorm, hiddenGradient, gradients.finalNormGain, gradients.finalNormBias);
    Matrix<Scalar> gradient // on its way down
        = layerNormBackward(kept.finalNorm, weights.finalNormGain, hiddenGradient);
    for (std::size_t l = weights.layers.size(); l-- > 0;) {
        auto back = blockBackward(
            weights.layers[l], kept.blocks[l], gradient, static_cast<int>(l), dropout);
        addBlockGradients(kept.blocks[l], back, gradients.layers[l]);
        gradient = std::move(back.input);
    }
    return withDropout(std::move(gradient), dropout, dropoutOfEmbedding);
}

template <typename Scalar>
Scalar addGradients(const AttentionWeights<Scalar>& weights, const ModelShape& shape,
    std::span<const TokenId> tokens, std::span<const TokenId> targets, bool causal, Scalar scale,
    AttentionWeights<Scalar>& gradients, const DropoutFactor& dropout)
{
    const auto kept = attentionForward(weights, shape, tokens, causal, dropout);
    const Matrix<Scalar>& hidden = kept.finalNorm.output;
    const CrossEntropy<Scalar> loss = crossEntropy(attentionLogits(weights, hidden), targets);

    const Matrix<Scalar> logits = scale * loss.logitGradient; // (T, V)
    gradients.outputHead().noalias() += logits.transpose() * hidden;

    const Matrix<Scalar> gradient = addBlocksGradients<Scalar>(
        weights, kept, logits * weights.outputHead(), gradients, dropout);
    for (Eigen::Index t = 0; t < gradient.rows(); ++t)
        gradients.embedding.row(tokens[static_cast<std::size_t>(t)]) += gradient.row(t);
    if (gradients.positions.size() > 0)
        gradients.positions.topRows(gradient.rows()) += gradient;
    return loss.sum;
}

template std::vector<AttentionLayerWeights<float>> zeroGradients(
    const std::vector<AttentionLayerWeights<float>>&);
template std::vector<AttentionLayerWeights<double>> zeroGradients(
    const std::vector<AttentionLayerWeights<double>>&);
template AttentionWeights<float> zeroGradients(const AttentionWeights<float>&);
template AttentionWeights<double> zeroGradients(const AttentionWeights<double>&);
template Matrix<float> addBareGradients(const std::vector<AttentionLayerWeights<float>>&,
    const Matrix<float>&, int, const AttentionMask&, const Matrix<float>&,
    std::vector<AttentionLayerWeights<float>>&);
template Matrix<double> addBareGradients(const std::vector<AttentionLayerWeights<double>>&,
    const Matrix<double>&, int, const AttentionMask&, const Matrix<double>&,
    std::vector<AttentionLayerWeights<double>>&);
template Matrix<float> addBlocksGradients(const AttentionWeights<float>&,
    const AttentionActivations<float>&, const Matrix<float>&, AttentionWeights<float>&,
    const DropoutFactor&);
template Matrix<double> addBlocksGradients(const AttentionWeights<double>&,
    const AttentionActivations<double>&, const Matrix<double>&, AttentionWeights<double>&,
    const DropoutFactor&);
template float addGradients(const AttentionWeights<float>&, const ModelShape&,
    std::span<const TokenId>, std::span<const TokenId>, bool, float, AttentionWeights<float>&,
    const DropoutFactor&);
template double addGradients(const AttentionWeights<double>&, const ModelShape&,
    std::span<const TokenId>, std::span<const TokenId>, bool, double, AttentionWeights<double>&,
    const DropoutFactor&);

} // namespace timestep
