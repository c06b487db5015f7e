// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

#include <vector>

namespace timestep {

/// One layer of PyTorch's nn.LSTM; rows in the gate order i f g o.
template <typename Scalar>
struct LstmLayerWeights
{
    Matrix<Scalar> input; // (4H, I)
    Matrix<Scalar> recurrent; // (4H, H)
    RowVector<Scalar> inputBias; // (4H)
    RowVector<Scalar> recurrentBias; // (4H)
};

template <typename Scalar>
struct LstmWeights
{
    Matrix<Scalar> embedding; // (V, E)
    std::vector<LstmLayerWeights<Scalar>> layers; // L
    Matrix<Scalar> head; // (V, H); empty where it is tied to the embedding
    RowVector<Scalar> headBias; // (V)

    /// (V, H): what turns the last hidden state into logits.
    const Matrix<Scalar>& outputHead() const { return head.size() == 0 ? embedding : head; }
    Matrix<Scalar>& outputHead() { return head.size() == 0 ? embedding : head; }

    template <typename Other>
    LstmWeights<Other> cast() const;
};

/// One GPT-2 block. Its matrices multiply from the right: y = x W + b, W (in, out).
template <typename Scalar>
struct AttentionLayerWeights
{
    RowVector<Scalar> attentionNormGain, attentionNormBias; // (D)
    Matrix<Scalar> queryKeyValue; // (D, 3D): queries, keys, values beside each other
    RowVector<Scalar> queryKeyValueBias; // (3D)
    Matrix<Scalar> projection; // (D, D)
    RowVector<Scalar> projectionBias; // (D)
    RowVector<Scalar> feedForwardNormGain, feedForwardNormBias; // (D)
    Matrix<Scalar> expand; // (D, 4D)
    RowVector<Scalar> expandBias; // (4D)
    Matrix<Scalar> contract; // (4D, D)
    RowVector<Scalar> contractBias; // (D)
};

template <typename Scalar>
struct AttentionWeights
{
    Matrix<Scalar> embedding; // (V, D)
    Matrix<Scalar> positions; // (context, D); empty: sinusoids, made to the length needed
    std::vector<AttentionLayerWeights<Scalar>> layers; // L
    RowVector<Scalar> finalNormGain, finalNormBias; // (D)
    Matrix<Scalar> head; // (V, D); empty where it is tied to the embedding

    /// (V, D): what turns the last hidden state into logits.
    const Matrix<Scalar>& outputHead() const { return head.size() == 0 ? embedding : head; }
    Matrix<Scalar>& outputHead() { return head.size() == 0 ? embedding : head; }

    template <typename Other>
    AttentionWeights<Other> cast() const;
};

template <typename Scalar>
template <typename Other>
LstmWeights<Other> LstmWeights<Scalar>::cast() const
{
    LstmWeights<Other> result { .embedding = embedding.template cast<Other>(),
        .layers = {},
        .head = head.template cast<Other>(),
        .headBias = headBias.template cast<Other>() };
    for (const LstmLayerWeights<Scalar>& layer : layers) {
        result.layers.push_back({ .input = layer.input.template cast<Other>(),
            .recurrent = layer.recurrent.template cast<Other>(),
            .inputBias = layer.inputBias.template cast<Other>(),
            .recurrentBias = layer.recurrentBias.template cast<Other>() });
    }
    return result;
}

template <typename Scalar>
template <typename Other>
AttentionWeights<Other> AttentionWeights<Scalar>::cast() const
{
    AttentionWeights<Other> result { .embedding = embedding.template cast<Other>(),
        .positions = positions.template cast<Other>(),
        .layers = {},
        .finalNormGain = finalNormGain.template cast<Other>(),
        .finalNormBias = finalNormBias.template cast<Other>(),
        .head = head.template cast<Other>() };
    for (const AttentionLayerWeights<Scalar>& layer : layers) {
        result.layers.push_back(
            { .attentionNormGain = layer.attentionNormGain.template cast<Other>(),
                .attentionNormBias = layer.attentionNormBias.template cast<Other>(),
                .queryKeyValue = layer.queryKeyValue.template cast<Other>(),
                .queryKeyValueBias = layer.queryKeyValueBias.template cast<Other>(),
                .projection = layer.projection.template cast<Other>(),
                .projectionBias = layer.projectionBias.template cast<Other>(),
                .feedForwardNormGain = layer.feedForwardNormGain.template cast<Other>(),
                .feedForwardNormBias = layer.feedForwardNormBias.template cast<Other>(),
                .expand = layer.expand.template cast<Other>(),
                .expandBias = layer.expandBias.template cast<Other>(),
                .contract = layer.contract.template cast<Other>(),
                .contractBias = layer.contractBias.template cast<Other>() });
    }
    return result;
}

} // namespace timestep
