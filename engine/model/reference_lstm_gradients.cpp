// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reference_lstm_gradients.h"

#include "engine/model/cross_entropy.h"
#include "engine/model/reference_lstm.h"

namespace timestep {

namespace {

/// What step t of one layer adds. gates: (4H), their gradient before their nonlinearity.
template <typename Scalar>
void addStepGradients(const LstmLayerActivations<Scalar>& kept, Eigen::Index t,
    const RowVector<Scalar>& gates, LstmLayerWeights<Scalar>& gradients)
{
    gradients.input.noalias() += gates.transpose() * kept.input.row(t);
    if (t > 0) // the first step reads zeros
        gradients.recurrent.noalias() += gates.transpose() * kept.hidden.row(t - 1);
    gradients.inputBias += gates;
    gradients.recurrentBias += gates;
}

/// Adds the gradients of all layers' weights, given that of the last hidden states (T, H). Returns
/// that of what the first layer read, (T, I).
template <typename Scalar>
Matrix<Scalar> addLayerGradients(const std::vector<LstmLayerWeights<Scalar>>& layers,
    const std::vector<LstmLayerActivations<Scalar>>& activations,
    const Matrix<Scalar>& hiddenGradient, const DropoutFactor& dropout,
    std::vector<LstmLayerWeights<Scalar>>& gradients)
{
    Matrix<Scalar> inputGradient(hiddenGradient.rows(), layers.front().input.cols());
    LstmBackward<Scalar> backward(layers, activations, 1, dropout);
    for (int t = static_cast<int>(hiddenGradient.rows()) - 1; t >= 0; --t) {
        inputGradient.row(t) = backward.step(t, hiddenGradient.row(t));
        for (std::size_t l = 0; l < layers.size(); ++l)
            addStepGradients<Scalar>(activations[l], t, backward.gateGradient(l), gradients[l]);
    }
    return inputGradient;
}

} // namespace

template <typename Scalar>
std::vector<LstmLayerWeights<Scalar>> zeroGradients(
    const std::vector<LstmLayerWeights<Scalar>>& layers)
{
    std::vector<LstmLayerWeights<Scalar>> gradients = layers;
    for (LstmLayerWeights<Scalar>& layer : gradients) {
        layer.input.setZero();
        layer.recurrent.setZero();
        layer.inputBias.setZero();
        layer.recurrentBias.setZero();
    }
    return gradients;
}

template <typename Scalar>
LstmWeights<Scalar> zeroGradients(const LstmWeights<Scalar>& weights)
{
    LstmWeights<Scalar> gradients { .embedding = weights.embedding,
        .layers = zeroGradients(weights.layers),
        .head = weights.head,
        .headBias = weights.headBias };
    gradients.embedding.setZero();
    gradients.head.setZero();
    gradients.headBias.setZero();
    return gradients;
}

template <typename Scalar>
Matrix<Scalar> addBareGradients(const std::vector<LstmLayerWeights<Scalar>>& layers,
    const Matrix<Scalar>& input, const Matrix<Scalar>& outputGradient,
    std::vector<LstmLayerWeights<Scalar>>& gradients)
{
    return addLayerGradients(layers, lstmForward(layers, input), outputGradient, {}, gradients);
}

template <typename Scalar>
Scalar addGradients(const LstmWeights<Scalar>& weights, std::span<const TokenId> tokens,
    std::span<const TokenId> targets, Scalar scale, LstmWeights<Scalar>& gradients,
    const DropoutFactor& dropout)
{
    const auto activations = lstmForward(weights, tokens, dropout);
    const int ofHead = dropoutOfHead(static_cast<int>(weights.layers.size()));
    const Matrix<Scalar> hidden = withDropout(activations.back().hidden, dropout, ofHead);
    const CrossEntropy<Scalar> loss = crossEntropy(lstmLogits(weights, hidden), targets);

    const Matrix<Scalar> logits = scale * loss.logitGradient; // (T, V)
    gradients.outputHead().noalias() += logits.transpose() * hidden;
    gradients.headBias += logits.colwise().sum();

    const Matrix<Scalar> read = addLayerGradients<Scalar>(weights.layers, activations,
        withDropout<Scalar>(logits * weights.outputHead(), dropout, ofHead), dropout,
        gradients.layers); // (T, E)
    for (Eigen::Index t = 0; t < read.rows(); ++t)
        gradients.embedding.row(tokens[static_cast<std::size_t>(t)]) += read.row(t);
    return loss.sum;
}

template std::vector<LstmLayerWeights<float>> zeroGradients(
    const std::vector<LstmLayerWeights<float>>&);
template std::vector<LstmLayerWeights<double>> zeroGradients(
    const std::vector<LstmLayerWeights<double>>&);
template LstmWeights<float> zeroGradients(const LstmWeights<float>&);
template LstmWeights<double> zeroGradients(const LstmWeights<double>&);
template Matrix<float> addBareGradients(const std::vector<LstmLayerWeights<float>>&,
    const Matrix<float>&, const Matrix<float>&, std::vector<LstmLayerWeights<float>>&);
template Matrix<double> addBareGradients(const std::vector<LstmLayerWeights<double>>&,
    const Matrix<double>&, const Matrix<double>&, std::vector<LstmLayerWeights<double>>&);
template float addGradients(const LstmWeights<float>&, std::span<const TokenId>,
    std::span<const TokenId>, float, LstmWeights<float>&, const DropoutFactor&);
template double addGradients(const LstmWeights<double>&, std::span<const TokenId>,
    std::span<const TokenId>, double, LstmWeights<double>&, const DropoutFactor&);

} // namespace timestep
