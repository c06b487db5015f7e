// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace timestep {

// Shape letters, used in every signature and comment of the engine:
// B batch (rows), S sub-batches, T steps (tokens), L layers, H hidden units of an LSTM,
// D model width of attention, I input width, A heads, V vocabulary, P workers.

enum class ModelKind { Lstm, Attention };

std::string_view kindName(ModelKind kind); // "lstm" | "attention"

/// What decides the sizes of all tensors of a language model.
struct ModelShape
{
    ModelKind kind = ModelKind::Lstm;
    int vocabulary = 0; // V, rows of the embedding
    int layers = 0; // L
    int width = 0; // H of an LSTM, D of attention
    int embedding = 0; // E, width of an embedding row; D for attention
    int heads = 0; // A; 0 for an LSTM
    int attentionWindow = 0; // W of a sliding window (attention_mask.h); 0: all keys
    int context = 0; // longest text it reads, in tokens; 0: any length
    bool tied = true; // the head is the embedding
    double layerNormEpsilon = 1e-5; // attention only
    bool operator==(const ModelShape&) const = default;
};

} // namespace timestep
