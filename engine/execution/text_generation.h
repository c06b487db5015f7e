// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/memory_account.h"
#include "engine/execution/packed_model.h"
#include "engine/execution/text_layers.h"
#include "engine/text/token.h"

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// A model that writes: it reads a prompt once, and then token after token from the state that the
/// one before left, O(1) for an LSTM, O(T) for attention, which looks at the keys and values of all
/// before, or of those in its window. The logits are those of reading the whole text anew, to the
/// last bit. One thread: one token of one text is too little to share.
class TextGeneration
{
public:
    /// Room for `most` tokens, what is read and what is written. Throws Error for more than the
    /// model's context, and for more than the memory budget (bytes; 0: half of what is free).
    TextGeneration(
        std::shared_ptr<const PackedModel> model, int most, std::size_t memoryBudget = 0);

    const PackedModel& model() const { return *m_model; }
    const std::vector<TokenId>& tokens() const { return m_tokens; } // read so far
    int room() const; // for how many more

    /// Goes on reading, `more` ≤ room(). Once cancelled it is of no more use: some step was left
    /// half done. Throws Error for numbers that are not finite.
    Outcome read(std::span<const TokenId> more, std::stop_token stop = {});

    /// (V): what may follow the tokens read, of which there must be some.
    std::span<const float> logits() const;

private:
    std::shared_ptr<const PackedModel> m_model;
    Plan m_plan; // of a step after as many given ones as there is room for: only those are run
    MemoryAccount m_account;
    Executor m_executor;
    std::vector<TokenId> m_tokens;
    std::unique_ptr<TextLayers> m_layers;
    Matrix<float> m_logits; // (1, V)
};

} // namespace timestep
