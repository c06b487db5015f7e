// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/prediction_change.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace timestep {

namespace {

/// ln Σ_v exp(logit_v), relative to the largest, so that no exponential overflows.
double logSum(std::span<const float> logits)
{
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(logit - largest);
    return largest + std::log(sum);
}

std::span<const float> rowOf(const Matrix<float>& logits, Eigen::Index row)
{
    return { logits.row(row).data(), static_cast<std::size_t>(logits.cols()) };
}

} // namespace

double divergenceBits(std::span<const float> before, std::span<const float> after)
{
    assert(before.size() == after.size() && !before.empty());
    const double sumBefore = logSum(before);
    const double sumChange = sumBefore - logSum(after);
    double nats = 0;
    for (std::size_t v = 0; v < before.size(); ++v)
        nats += std::exp(before[v] - sumBefore)
            * (static_cast<double>(before[v]) - after[v] - sumChange);
    return std::max(nats, 0.0) * std::numbers::log2e; // of tiny changes rounding may leave less
}

double likelierBits(std::span<const float> before, std::span<const float> after, TokenId token)
{
    const auto v = static_cast<std::size_t>(token);
    assert(before.size() == after.size() && v < before.size());
    const double change = static_cast<double>(after[v]) - before[v];
    return (change - (logSum(after) - logSum(before))) * std::numbers::log2e;
}

PredictionChange predictionChange(
    const Matrix<float>& before, const Matrix<float>& after, std::span<const TokenId> tokens)
{
    assert(before.rows() == after.rows() && before.rows() == std::ssize(tokens));
    PredictionChange change;
    for (Eigen::Index t = 0; t < before.rows(); ++t) {
        const std::span<const float> p = rowOf(before, t), q = rowOf(after, t);
        change.divergence.push_back(divergenceBits(p, q));
        if (t + 1 < before.rows())
            change.following.push_back(likelierBits(p, q, tokens[static_cast<std::size_t>(t + 1)]));
    }
    return change;
}

} // namespace timestep
