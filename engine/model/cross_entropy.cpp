// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/cross_entropy.h"

#include <cassert>
#include <cmath>
#include <utility>

namespace timestep {

template <typename Scalar>
CrossEntropy<Scalar> crossEntropy(Matrix<Scalar> logits, std::span<const TokenId> targets)
{
    assert(std::ssize(targets) == logits.rows());
    CrossEntropy<Scalar> loss { .sum = 0, .logitGradient = std::move(logits) };
    for (Eigen::Index t = 0; t < loss.logitGradient.rows(); ++t) {
        auto row = loss.logitGradient.row(t).array();
        const TokenId target = targets[static_cast<std::size_t>(t)];
        if (target == uncounted) {
            row = 0;
            continue;
        }
        row -= row.maxCoeff(); // so that no exponential overflows
        const Scalar logit = row(target);
        row = row.exp().eval();
        const Scalar sum = row.sum();
        loss.sum += std::log(sum) - logit;
        // 1 − p is the sum of all others, so that nothing cancels where the model is sure.
        row /= sum;
        row(target) = 0;
        row(target) = -row.sum();
    }
    return loss;
}

template CrossEntropy<float> crossEntropy(Matrix<float>, std::span<const TokenId>);
template CrossEntropy<double> crossEntropy(Matrix<double>, std::span<const TokenId>);

} // namespace timestep
