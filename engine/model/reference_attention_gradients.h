// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/model/model_shape.h"
#include "engine/model/reference_attention.h"
#include "engine/model/weights.h"
#include "engine/text/token.h"

#include <span>
#include <vector>

namespace timestep {

// Gradients of all parameters of GPT-2 as a textbook writes them, one row at a time: the readable
// twin of training. They are kept in the shape of the weights and are added to what is there, so
// that the rows of a batch may be summed. Scalar is float or double.
//
// A product y = x W + b gives dW = xᵀ dy and db = Σ_t dy_t; a layer norm y = x̂ ∘ gain + bias gives
// dgain = Σ_t dy_t ∘ x̂_t and dbias = Σ_t dy_t (Rumelhart, Hinton and Williams, "Learning
// representations by back-propagating errors", 1986; Ba, Kiros and Hinton, "Layer normalization",
// 2016).

/// Zeros in the shapes of `layers`.
template <typename Scalar>
std::vector<AttentionLayerWeights<Scalar>> zeroGradients(
    const std::vector<AttentionLayerWeights<Scalar>>& layers);

/// Zeros in the shapes of `weights`.
template <typename Scalar>
AttentionWeights<Scalar> zeroGradients(const AttentionWeights<Scalar>& weights);

/// Bare layers (selfAttentionForward), each reading the output of the one below: adds the gradients
/// of queryKeyValue, projection and their biases, given their input (T, D) and the gradient of the
/// last layer's output (T, D). Returns the gradient of the input, (T, D).
template <typename Scalar>
Matrix<Scalar> addBareGradients(const std::vector<AttentionLayerWeights<Scalar>>& layers,
    const Matrix<Scalar>& input, int heads, const AttentionMask& mask,
    const Matrix<Scalar>& outputGradient, std::vector<AttentionLayerWeights<Scalar>>& gradients);

/// Blocks and final norm: adds the gradients of their weights, given what `attentionForward` kept
/// and the gradient of the last hidden states (T, D). Returns the gradient of the embeddings that
/// were read, (T, D), which is that of the positions added to them, too.
template <typename Scalar>
Matrix<Scalar> addBlocksGradients(const AttentionWeights<Scalar>& weights,
    const AttentionActivations<Scalar>& kept, const Matrix<Scalar>& hiddenGradient,
    AttentionWeights<Scalar>& gradients, const DropoutFactor& dropout = {});

/// The whole model: adds the gradients of `scale` times the cross-entropies of the row's
/// predictions, summed over the positions whose target is not `uncounted`. T tokens, T targets,
/// within the context. Returns that sum in nats, not scaled. Where the head is tied, the
/// embedding's gradient has both parts: as it is read and as it predicts. Sinusoid positions have
/// none.
template <typename Scalar>
Scalar addGradients(const AttentionWeights<Scalar>& weights, const ModelShape& shape,
    std::span<const TokenId> tokens, std::span<const TokenId> targets, bool causal, Scalar scale,
    AttentionWeights<Scalar>& gradients, const DropoutFactor& dropout = {});

} // namespace timestep
