// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/text_generation.h"
#include "engine/model/next_token.h"
#include "engine/text/tokenizer.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

/// A text that one model of a pair is to go on with.
struct WriteRequest
{
    std::shared_ptr<const std::string> text;
    ModelPair models;
    ModelKind writer = ModelKind::Lstm;
    TokenChoice choice;
    int count = 1; // tokens to write
    int window = 1024; // tokens read at once, at most; no more than the pair's context
    std::string kernel; // empty: the fastest
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// How long each model took to read one token and know what may follow: from embedding to logits,
/// on one thread.
struct TokenTimes
{
    double lstm = 0; // ms
    double attention = 0; // ms
};

struct WrittenToken
{
    std::string bytes;
    TokenTimes times; // of the token before, from which this one was chosen
};

/// Goes on with a text, token by token. Both models read every token, in turns, the LSTM from its
/// state, attention with its keys and values; one of them chooses. What they hold is kept from one
/// request to the next, and used where the text still begins with it: the bits are the same either
/// way. Used by one thread at a time.
class PairWriter
{
public:
    enum class End
    {
        Done, // as many as were asked for
        Stopped,
        TextEnded, // the model chose to end the text
    };

    /// Hands out each token as it is there. Throws Error.
    End run(const WriteRequest& request, const std::stop_token& stop,
        const std::function<void(WrittenToken)>& written);

private:
    struct Reader
    {
        std::shared_ptr<const PackedModel> model;
        std::optional<TextGeneration> text; // what it has read
    };

    End write(const WriteRequest& request, const std::stop_token& stop,
        const std::function<void(WrittenToken)>& written);
    void prepare(const WriteRequest& request);
    bool readUpTo(const WriteRequest& request, std::size_t count, const std::stop_token& stop);
    bool readLast(TokenTimes& times, const std::stop_token& stop);
    std::optional<TokenId> choose(const WriteRequest& request) const;
    void forget();

    std::unique_ptr<Tokenizer> m_tokenizer;
    Reader m_lstm, m_attention;
    int m_window = 0; // what the readers have room for
    std::size_t m_begin = 0; // the token of the text that they began with
    std::vector<TokenId> m_tokens; // of the text
};

/// The token that readers of a text of `count` tokens begin with where a window of `window` has
/// room: 0 while all fit, then half a window further whenever it is full. Until then every token
/// is read once; it depends on nothing but the two numbers.
std::size_t firstTokenRead(std::size_t count, int window);

} // namespace timestep
