// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/influence.h"

#include "engine/model/cross_entropy.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <type_traits>

namespace timestep {

namespace {

// Chains walked back side by side: enough to turn matrix-vector into matrix products, few enough
// that a stop request is seen within some milliseconds.
constexpr int chainsAtOnce = 32;

template <typename Scalar>
std::vector<TokenId> chosenTargets(const Matrix<Scalar>& logits, std::span<const TokenId> given)
{
    if (!given.empty())
        return { given.begin(), given.end() };
    std::vector<TokenId> best;
    for (Eigen::Index t = 0; t < logits.rows(); ++t) {
        const auto row = logits.row(t);
        best.push_back(
            static_cast<TokenId>(std::max_element(row.begin(), row.end()) - row.begin()));
    }
    return best;
}

/// (T, H): gradient of −log p(target at t) by the last hidden state at t, through the softmax and
/// the head. Its norm is that of the gradient of log p.
template <typename Scalar>
Matrix<Scalar> hiddenGradients(const Matrix<Scalar>& logits, const std::vector<TokenId>& targets,
    const Matrix<Scalar>& outputHead)
{
    return crossEntropy(logits, targets).logitGradient * outputHead;
}

/// Rows [first, last) of g (T, T): entries after the target stay zero.
template <typename Scalar>
void lstmGradientNorms(const LstmWeights<Scalar>& weights,
    const std::vector<LstmLayerActivations<Scalar>>& activations,
    const Matrix<Scalar>& hiddenGradient, int first, int last, const std::stop_token& stop,
    Matrix<Scalar>& norms)
{
    // The walk starts at the last target, so that chain n belongs to target last − 1 − n.
    const int chains = last - first;
    LstmBackward<Scalar> backward(weights.layers, activations, chains);
    for (int t = last - 1; t >= 0 && !stop.stop_requested(); --t) {
        const int active = std::min(last - t, chains);
        Matrix<Scalar> started = Matrix<Scalar>::Zero(active, hiddenGradient.cols());
        if (t >= first)
            started.row(active - 1) = hiddenGradient.row(t);
        const Matrix<Scalar> gradient = backward.step(t, started);
        for (int n = 0; n < active; ++n)
            norms(last - 1 - n, t) = gradient.row(n).norm();
    }
}

/// Row t of g (T, T): every target takes a walk of its own through the blocks.
template <typename Scalar>
void attentionGradientNorms(const AttentionWeights<Scalar>& weights,
    const AttentionActivations<Scalar>& activations, const Matrix<Scalar>& hiddenGradient,
    Eigen::Index t, bool causal, const std::stop_token& stop, Matrix<Scalar>& norms)
{
    const Eigen::Index seen = causal ? t + 1 : hiddenGradient.rows();
    Matrix<Scalar> started = Matrix<Scalar>::Zero(seen, hiddenGradient.cols());
    started.row(t) = hiddenGradient.row(t);
    const Matrix<Scalar> gradient = attentionInputGradient(weights, activations, started, stop);
    norms.row(t).head(seen) = gradient.rowwise().norm().transpose();
}

template <typename Scalar>
Influence finished(std::vector<TokenId> targets, const Matrix<Scalar>& norms)
{
    Influence result { .targets = std::move(targets),
        .shares = Matrix<float>::Zero(norms.rows(), norms.cols()),
        .norms = RowVector<float>::Zero(norms.rows()) };
    for (Eigen::Index t = 0; t < norms.rows(); ++t) {
        const Scalar sum = norms.row(t).sum();
        result.norms(t) = static_cast<float>(sum);
        if (sum > 0)
            result.shares.row(t) = (norms.row(t) / sum).template cast<float>();
    }
    return result;
}

template <typename Scalar>
std::optional<Influence> influenceOf(const LstmWeights<Scalar>& weights, const ModelShape&,
    std::span<const TokenId> tokens, bool, std::stop_token stop, std::span<const TokenId> given)
{
    const auto activations = lstmForward(weights, tokens);
    const Matrix<Scalar> logits = lstmLogits(weights, activations.back().hidden);
    std::vector<TokenId> targets = chosenTargets(logits, given);
    const Matrix<Scalar> gradient = hiddenGradients(logits, targets, weights.outputHead());
    Matrix<Scalar> norms = Matrix<Scalar>::Zero(logits.rows(), logits.rows());
    const auto steps = static_cast<int>(tokens.size());
    tbb::parallel_for(0, (steps + chainsAtOnce - 1) / chainsAtOnce, [&](int block) {
        const int first = block * chainsAtOnce;
        const int last = std::min(first + chainsAtOnce, steps);
        lstmGradientNorms(weights, activations, gradient, first, last, stop, norms);
    });
    if (stop.stop_requested())
        return std::nullopt;
    return finished(std::move(targets), norms);
}

template <typename Scalar>
std::optional<Influence> influenceOf(const AttentionWeights<Scalar>& weights,
    const ModelShape& shape, std::span<const TokenId> tokens, bool causal, std::stop_token stop,
    std::span<const TokenId> given)
{
    const auto activations = attentionForward(weights, shape, tokens, causal);
    const Matrix<Scalar> logits = attentionLogits(weights, activations.finalNorm.output);
    std::vector<TokenId> targets = chosenTargets(logits, given);
    const Matrix<Scalar> gradient = hiddenGradients(logits, targets, weights.outputHead());
    Matrix<Scalar> norms = Matrix<Scalar>::Zero(logits.rows(), logits.rows());
    tbb::parallel_for(Eigen::Index(0), logits.rows(), [&](Eigen::Index t) {
        attentionGradientNorms(weights, activations, gradient, t, causal, stop, norms);
    });
    if (stop.stop_requested())
        return std::nullopt;
    return finished(std::move(targets), norms);
}

} // namespace

template <typename Scalar>
std::optional<Influence> influence(const Model& model, std::span<const TokenId> tokens, bool causal,
    std::stop_token stop, std::span<const TokenId> targets)
{
    return std::visit(
        [&](const auto& weights) {
            if constexpr (std::is_same_v<Scalar, float>)
                return influenceOf(weights, model.shape, tokens, causal, stop, targets);
            else
                return influenceOf(
                    weights.template cast<Scalar>(), model.shape, tokens, causal, stop, targets);
        },
        model.weights);
}

template std::optional<Influence> influence<float>(
    const Model&, std::span<const TokenId>, bool, std::stop_token, std::span<const TokenId>);
template std::optional<Influence> influence<double>(
    const Model&, std::span<const TokenId>, bool, std::stop_token, std::span<const TokenId>);

} // namespace timestep
