// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/model/model_shape.h"
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

/// A bare attention layer: four projections with biases and scaled dot products of A heads.
/// Only queryKeyValue, projection and their biases are used. input: (T, D).
template <typename Scalar>
SelfAttentionActivations<Scalar> selfAttentionForward(
    const AttentionLayerWeights<Scalar>& weights, Matrix<Scalar> input, int heads, bool causal);

/// All blocks and the final norm, from the embeddings of T tokens up. T must not exceed the
/// context.
template <typename Scalar>
AttentionActivations<Scalar> attentionForward(const AttentionWeights<Scalar>& weights,
    const ModelShape& shape, std::span<const TokenId> tokens, bool causal);

/// (T, V) from the last hidden states (T, D).
template <typename Scalar>
Matrix<Scalar> attentionLogits(
    const AttentionWeights<Scalar>& weights, const Matrix<Scalar>& hidden);

/// Gradient of the embeddings that were read (before positions are added), (N, D), given the
/// gradient of the last hidden states of the first N positions, (N, D). Those after N must not
/// matter: N = T, or the run was causal. Gives up between blocks when stopped; what it returns
/// then means nothing.
template <typename Scalar>
Matrix<Scalar> attentionInputGradient(const AttentionWeights<Scalar>& weights,
    const AttentionActivations<Scalar>& activations, const Matrix<Scalar>& hiddenGradient,
    std::stop_token stop = {});

} // namespace timestep
