// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/text/token.h"

#include <span>

namespace timestep {

/// The target of a position that the loss does not count.
constexpr TokenId uncounted = -1;

/// What a row's predictions cost, and in which direction they would cost more.
template <typename Scalar>
struct CrossEntropy
{
    Scalar sum = 0; // nats: −log p(target), over the counted positions
    Matrix<Scalar> logitGradient; // (T, V), of the sum; zero where a position is not counted
};

/// Of the softmax of logits (T, V) to T targets, each below V or `uncounted`. The gradient is
/// p − one-hot(target) (Goodfellow, Bengio and Courville, "Deep learning", 2016, section 6.2.2.3).
template <typename Scalar>
CrossEntropy<Scalar> crossEntropy(Matrix<Scalar> logits, std::span<const TokenId> targets);

} // namespace timestep
