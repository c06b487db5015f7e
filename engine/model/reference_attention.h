// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/attention_mask.h"
#include "engine/model/matrix.h"
#include "engine/model/model_shape.h"
#include "engine/model/reference_dropout.h"
#include "engine/model/weights.h"
#include "engine/text/token.h"

#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

// GPT-2 as a textbook writes it, one row at a time: the readable twin that the fast kernels are
// tested against. Scalar is float or double.

template <typename Scalar>
struct LayerNormActivations
{
    Matrix<Scalar> normalized; // (T, D): mean 0 and variance 1 in each row
    RowVector<Scalar> inverseDeviation; // (T)
    Matrix<Scalar> output; // (T, D): normalized · gain + bias
};

/// The only part of the model that mixes positions.
template <typename Scalar>
struct SelfAttentionActivations
{
    Matrix<Scalar> input; // (T, D)
    Matrix<Scalar> queryKeyValue; // (T, 3D)
    std::vector<Matrix<Scalar>> affinity; // A of (T, T): softmax(Q Kᵀ / √d)
    Matrix<Scalar> mixed; // (T, D): affinity · V, heads beside each other
    Matrix<Scalar> output; // (T, D): mixed, projected
};

/// What one block computes, kept for the pictures and for the way back.
template <typename Scalar>
struct AttentionBlockActivations
{
    LayerNormActivations<Scalar> attentionNorm;
    SelfAttentionActivations<Scalar> attention;
    LayerNormActivations<Scalar> feedForwardNorm;
    Matrix<Scalar> expanded; // (T, 4D), before GELU
    Matrix<Scalar> activated; // (T, 4D), after GELU
    Matrix<Scalar> output; // (T, D)
};

template <typename Scalar>
struct AttentionActivations
{
    std::vector<AttentionBlockActivations<Scalar>> blocks; // L
    LayerNormActivations<Scalar> finalNorm; // its output is the last hidden state
};

/// Gradients of what one self-attention computes, at the first N positions.
template <typename Scalar>
struct SelfAttentionGradients
{
    Matrix<Scalar> output; // (N, D)
    Matrix<Scalar> queryKeyValue; // (N, 3D)
    Matrix<Scalar> input; // (N, D)
};

/// Gradients of what one block computes, at the first N positions.
template <typename Scalar>
struct AttentionBlockGradients
{
    Matrix<Scalar> output; // (N, D), of the contraction
    Matrix<Scalar> expanded; // (N, 4D), before GELU
    Matrix<Scalar> feedForwardNorm; // (N, D), of the norm's output
    SelfAttentionGradients<Scalar> attention; // its input is the output of the first norm
    Matrix<Scalar> input; // (N, D)
};

/// A bare attention layer: four projections with biases and scaled dot products of A heads.
/// Only queryKeyValue, projection and their biases are used. input: (T, D).
template <typename Scalar>
SelfAttentionActivations<Scalar> selfAttentionForward(const AttentionLayerWeights<Scalar>& weights,
    Matrix<Scalar> input, int heads, const AttentionMask& mask);

/// All blocks and the final norm, from the embeddings of T tokens up, with the window that the
/// shape has. T must not exceed the context.
template <typename Scalar>
AttentionActivations<Scalar> attentionForward(const AttentionWeights<Scalar>& weights,
    const ModelShape& shape, std::span<const TokenId> tokens, bool causal,
    const DropoutFactor& dropout = {});

/// (T, V) from the last hidden states (T, D).
template <typename Scalar>
Matrix<Scalar> attentionLogits(
    const AttentionWeights<Scalar>& weights, const Matrix<Scalar>& hidden);

/// Gradient of a layer norm's input, given that of its output at the first N positions, (N, D):
/// dx = (dx̂ − mean(dx̂) − x̂ mean(dx̂ ∘ x̂)) / σ with dx̂ = dy ∘ gain. x̂ has mean 0 and variance 1
/// whatever the input, so what would change either is taken out (Ioffe and Szegedy, "Batch
/// normalization", 2015, section 3; here along a row).
template <typename Scalar>
Matrix<Scalar> layerNormBackward(const LayerNormActivations<Scalar>& kept,
    const RowVector<Scalar>& gain, const Matrix<Scalar>& outputGradient);

/// Given the gradient of the output at the first N positions, (N, D). Those after N must not
/// matter: N = T, or the run was causal.
template <typename Scalar>
SelfAttentionGradients<Scalar> selfAttentionBackward(const AttentionLayerWeights<Scalar>& weights,
    const SelfAttentionActivations<Scalar>& kept, Matrix<Scalar> outputGradient);

/// Likewise through a whole block; dropout is that of its layer.
template <typename Scalar>
AttentionBlockGradients<Scalar> blockBackward(const AttentionLayerWeights<Scalar>& weights,
    const AttentionBlockActivations<Scalar>& kept, const Matrix<Scalar>& outputGradient,
    int layer = 0, const DropoutFactor& dropout = {});

/// Gradient of the embeddings that were read (before positions are added), (N, D), given the
/// gradient of the last hidden states of the first N positions, (N, D). Those after N must not
/// matter: N = T, or the run was causal. Gives up between blocks when stopped; what it returns
/// then means nothing.
template <typename Scalar>
Matrix<Scalar> attentionInputGradient(const AttentionWeights<Scalar>& weights,
    const AttentionActivations<Scalar>& activations, const Matrix<Scalar>& hiddenGradient,
    std::stop_token stop = {});

} // namespace timestep
