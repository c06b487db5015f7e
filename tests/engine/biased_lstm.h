// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/untrained_model.h"

#include <string_view>
#include <utility>
#include <variant>

namespace timestep {

/// An LSTM of single bytes to which all tokens are equally likely whatever it has read, but for
/// those of `likelier`, which share all that there is to share.
inline ModelPointer biasedLstm(std::string_view likelier)
{
    const auto vocabulary = Vocabulary::singleBytes();
    const ModelShape shape { .kind = ModelKind::Lstm,
        .vocabulary = static_cast<int>(vocabulary->size()),
        .layers = 1,
        .width = 4,
        .embedding = 4 };
    Model model = *untrainedModel(shape, Positions::Sinusoids, vocabulary, 1);
    auto& weights = std::get<LstmWeights<float>>(model.weights);
    weights.embedding.setZero(); // which is the head, too
    for (const char byte : likelier)
        weights.headBias[vocabulary->byteId(static_cast<unsigned char>(byte))] = 20;
    return std::make_shared<const Model>(std::move(model));
}

} // namespace timestep
