// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/text/token.h"

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// A text of which one prediction is wanted.
struct TextToRead
{
    std::vector<TokenId> tokens;
    int position = 0; // what follows this token is predicted
};

/// With what texts are read.
struct TextReading
{
    const PackedModel& model;
    Executor& executor;
    bool causal = true; // attention
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// What is predicted in one of the texts: its logits (V), valid during the call.
using TextRead = std::function<void(std::size_t text, std::span<const float> logits)>;

/// Reads texts side by side, each as a row of a batch, to the same bits as runModel reads it alone.
/// A shorter text is padded behind its end, where neither an LSTM nor causal attention looks; where
/// attention is not causal only texts of one length are read together. As many rows at once as the
/// memory budget has room for. `read` is called in the order of the texts, from this thread. False
/// when stopped: within 10 ms of the request. Throws Error for a text beyond the context, beyond
/// the memory budget alone, and for numbers that are not finite.
bool readTexts(const TextReading& reading, std::span<const TextToRead> texts,
    const std::stop_token& stop, const TextRead& read);

} // namespace timestep
