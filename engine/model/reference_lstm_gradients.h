// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/model/reference_dropout.h"
#include "engine/model/weights.h"
#include "engine/text/token.h"

#include <span>
#include <vector>

namespace timestep {

// Gradients of all parameters of an LSTM as a textbook writes them, one row at a time: the readable
// twin of training. They are kept in the shape of the weights and are added to what is there, so
// that the rows of a batch may be summed. Scalar is float or double.

/// Zeros in the shapes of `layers`.
template <typename Scalar>
std::vector<LstmLayerWeights<Scalar>> zeroGradients(
    const std::vector<LstmLayerWeights<Scalar>>& layers);

/// Zeros in the shapes of `weights`.
template <typename Scalar>
LstmWeights<Scalar> zeroGradients(const LstmWeights<Scalar>& weights);

/// Layers without embedding and head: adds the gradients of their weights, given their input (T, I)
/// and the gradient of the last layer's hidden states (T, H). Returns the gradient of the input,
/// (T, I).
///
/// Backpropagation through time (Werbos, "Backpropagation through time: what it does and how to do
/// it", 1990): with δ_t the gradient of the gates before their nonlinearity,
/// dWx = Σ_t δ_tᵀ x_t, dWh = Σ_t δ_tᵀ h_{t−1}, and both biases get Σ_t δ_t.
template <typename Scalar>
Matrix<Scalar> addBareGradients(const std::vector<LstmLayerWeights<Scalar>>& layers,
    const Matrix<Scalar>& input, const Matrix<Scalar>& outputGradient,
    std::vector<LstmLayerWeights<Scalar>>& gradients);

/// The whole model: adds the gradients of `scale` times the cross-entropies of the row's
/// predictions, summed over the positions whose target is not `uncounted`. T tokens, T targets.
/// Returns that sum in nats, not scaled. Where the head is tied, the embedding's gradient has both
/// parts: as it is read and as it predicts.
template <typename Scalar>
Scalar addGradients(const LstmWeights<Scalar>& weights, std::span<const TokenId> tokens,
    std::span<const TokenId> targets, Scalar scale, LstmWeights<Scalar>& gradients,
    const DropoutFactor& dropout = {});

} // namespace timestep
