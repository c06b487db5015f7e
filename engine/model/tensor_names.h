// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "engine/model/weights.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <type_traits>

namespace timestep {

// The tensors of a model folder, once for reading and for writing: what each is called, where it
// lives and its shape. `visit(name, tensor, sizes…)` gets a Matrix with rows and columns or a
// RowVector with its size. Layers are added as they are visited, when there are fewer than
// shape.layers, so that no more is allocated than has been read.

/// PyTorch's nn.Embedding, nn.LSTM and nn.Linear, with the names `embedding`, `lstm` and `head`.
template <typename Weights, typename Visit>
void visitLstmTensors(Weights& weights, const ModelShape& shape, const Visit& visit)
{
    const int width = shape.width;
    visit("embedding.weight", weights.embedding, shape.vocabulary, shape.embedding);
    for (int l = 0; l < shape.layers; ++l) {
        if constexpr (!std::is_const_v<Weights>)
            weights.layers.resize(std::max(weights.layers.size(), static_cast<std::size_t>(l + 1)));
        auto& layer = weights.layers[static_cast<std::size_t>(l)];
        const std::string suffix = "_l" + std::to_string(l);
        const int inputWidth = l == 0 ? shape.embedding : width;
        visit("lstm.weight_ih" + suffix, layer.input, 4 * width, inputWidth);
        visit("lstm.weight_hh" + suffix, layer.recurrent, 4 * width, width);
        visit("lstm.bias_ih" + suffix, layer.inputBias, 4 * width);
        visit("lstm.bias_hh" + suffix, layer.recurrentBias, 4 * width);
    }
    if (!shape.tied)
        visit("head.weight", weights.head, shape.vocabulary, width);
    visit("head.bias", weights.headBias, shape.vocabulary);
}

/// Hugging Face's GPT2LMHeadModel, without the prefix `transformer.`. Sinusoid positions are no
/// tensor.
template <typename Weights, typename Visit>
void visitAttentionTensors(
    Weights& weights, const ModelShape& shape, bool sinusoids, const Visit& visit)
{
    const int width = shape.width;
    visit("wte.weight", weights.embedding, shape.vocabulary, width);
    if (!sinusoids)
        visit("wpe.weight", weights.positions, shape.context, width);
    for (int l = 0; l < shape.layers; ++l) {
        if constexpr (!std::is_const_v<Weights>)
            weights.layers.resize(std::max(weights.layers.size(), static_cast<std::size_t>(l + 1)));
        auto& layer = weights.layers[static_cast<std::size_t>(l)];
        const std::string block = "h." + std::to_string(l) + ".";
        visit(block + "ln_1.weight", layer.attentionNormGain, width);
        visit(block + "ln_1.bias", layer.attentionNormBias, width);
        visit(block + "attn.c_attn.weight", layer.queryKeyValue, width, 3 * width);
        visit(block + "attn.c_attn.bias", layer.queryKeyValueBias, 3 * width);
        visit(block + "attn.c_proj.weight", layer.projection, width, width);
        visit(block + "attn.c_proj.bias", layer.projectionBias, width);
        visit(block + "ln_2.weight", layer.feedForwardNormGain, width);
        visit(block + "ln_2.bias", layer.feedForwardNormBias, width);
        visit(block + "mlp.c_fc.weight", layer.expand, width, 4 * width);
        visit(block + "mlp.c_fc.bias", layer.expandBias, 4 * width);
        visit(block + "mlp.c_proj.weight", layer.contract, 4 * width, width);
        visit(block + "mlp.c_proj.bias", layer.contractBias, width);
    }
    visit("ln_f.weight", weights.finalNormGain, width);
    visit("ln_f.bias", weights.finalNormBias, width);
    if (!shape.tied)
        visit("lm_head.weight", weights.head, shape.vocabulary, width);
}

} // namespace timestep
