// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/lstm_intervention.h"
#include "engine/model/matrix.h"
#include "engine/model/reference_dropout.h"
#include "engine/model/weights.h"
#include "engine/text/token.h"

#include <span>
#include <vector>

namespace timestep {

// The LSTM language model as a textbook writes it, one row at a time: the readable twin that the
// fast kernels are tested against. Scalar is float or double.

/// What one layer computes, kept for the pictures and for the way back.
template <typename Scalar>
struct LstmLayerActivations
{
    Matrix<Scalar> input; // (T, I): embeddings, or the hidden states of the layer below, after
                          // dropout
    Matrix<Scalar> inputGate, forgetGate, candidate, outputGate; // (T, H), after their nonlinearity
    Matrix<Scalar> cell; // (T, H)
    Matrix<Scalar> hidden; // (T, H)
};

/// One layer over T steps, from zero states. input: (T, I). `intervention` is of several layers, of
/// which this is `layer`.
template <typename Scalar>
LstmLayerActivations<Scalar> lstmLayerForward(const LstmLayerWeights<Scalar>& weights,
    const Matrix<Scalar>& input, const LstmIntervention& intervention = {}, int layer = 0);

/// All layers, each reading the hidden states of the one below; the first reads `input` (T, I).
template <typename Scalar>
std::vector<LstmLayerActivations<Scalar>> lstmForward(
    const std::vector<LstmLayerWeights<Scalar>>& layers, const Matrix<Scalar>& input,
    const DropoutFactor& dropout = {}, const LstmIntervention& intervention = {});

/// All layers, from the embeddings of T tokens up. The last layer's hidden states feed the head,
/// in training through dropout of their own.
template <typename Scalar>
std::vector<LstmLayerActivations<Scalar>> lstmForward(const LstmWeights<Scalar>& weights,
    std::span<const TokenId> tokens, const DropoutFactor& dropout = {},
    const LstmIntervention& intervention = {});

/// (T, V) from the last layer's hidden states (T, H).
template <typename Scalar>
Matrix<Scalar> lstmLogits(const LstmWeights<Scalar>& weights, const Matrix<Scalar>& hidden);

/// Walks back through time with N gradients side by side: each is a chain of its own, and all of
/// them meet the same weights, so that a step is one matrix product for all.
template <typename Scalar>
class LstmBackward
{
public:
    LstmBackward(const std::vector<LstmLayerWeights<Scalar>>& layers,
        const std::vector<LstmLayerActivations<Scalar>>& activations, int chains,
        DropoutFactor dropout = {});

    /// One step back, to be called for t = last … 0. `hiddenGradient` (N, H) is what the head adds
    /// to the gradient of the last layer's hidden state of step t; where it has fewer rows than
    /// there are chains, the others have not begun. Returns the gradients of what the first layer
    /// reads at step t, (N, I).
    Matrix<Scalar> step(int t, const Matrix<Scalar>& hiddenGradient);

    /// (N, 4H): gradients of a layer's gates before their nonlinearity, at the step last taken; in
    /// the order i f g o.
    const Matrix<Scalar>& gateGradient(std::size_t layer) const { return m_gateGradient[layer]; }

private:
    const std::vector<LstmLayerWeights<Scalar>>& m_layers;
    const std::vector<LstmLayerActivations<Scalar>>& m_activations;
    const DropoutFactor m_dropout;
    std::vector<Matrix<Scalar>> m_hiddenGradient; // L of (N, H), what step t + 1 hands to step t
    std::vector<Matrix<Scalar>> m_cellGradient; // L of (N, H), likewise
    std::vector<Matrix<Scalar>> m_gateGradient; // L of (N, 4H)
};

} // namespace timestep
