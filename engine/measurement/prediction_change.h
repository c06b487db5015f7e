// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/text/token.h"

#include <span>
#include <vector>

namespace timestep {

// How much a prediction changed, in bits, from the logits p and q are the softmax of. In double,
// and without any probability being formed that could become zero.

/// D_KL(before ‖ after) = Σ_v p_v log₂(p_v ÷ q_v) (Kullback and Leibler, "On information and
/// sufficiency", 1951): the bits that it costs to take q for p. 0 exactly for equal logits, never
/// below. before, after: (V), finite.
double divergenceBits(std::span<const float> before, std::span<const float> after);

/// log₂ q(token) − log₂ p(token): bits by which one token became likelier. 0 exactly for equal
/// logits.
double likelierBits(std::span<const float> before, std::span<const float> after, TokenId token);

/// The change of every prediction of a text.
struct PredictionChange
{
    std::vector<double> divergence; // (T) bits
    std::vector<double> following; // (T − 1): bits by which the token that really follows became
                                   // likelier
};

/// before, after: (T, V); tokens: (T), of the text as it was before.
PredictionChange predictionChange(
    const Matrix<float>& before, const Matrix<float>& after, std::span<const TokenId> tokens);

} // namespace timestep
