// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/read_texts.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// How a text ends that asks for something it has said: `q3=7 a9=1 q3=` asks what followed `q3=`.
struct RepeatedEnding
{
    int length = 0; // tokens of the question, the last ones of the text
    int earlier = 0; // first token of the place where they stood before
    TokenId answer = 0; // what followed them there
    bool operator==(const RepeatedEnding&) const = default;
};

/// The longest ending of `tokens` that stood in them before, the token after it not yet part of the
/// ending; of several places the last. Nothing where not even the last token stood before.
std::optional<RepeatedEnding> repeatedEnding(std::span<const TokenId> tokens);

/// The question of a text that ends with it, and what would be right.
struct Question
{
    int length = 0; // n ≥ 1: the last n tokens of the text ask
    TokenId answer = 0;
    bool operator==(const Question&) const = default;
};

/// What a model answers when it is asked after some step.
struct EarlyAnswer
{
    int step = 0; // the last token read before the question; −1: there was none
    double probability = 0; // of the right answer
    int rank = 1; // of the right answer, 1 is the best; ties to the lowest id
    TokenId best = 0; // what it answers
    double bestProbability = 0;
    bool operator==(const EarlyAnswer&) const = default;
};

/// Where what was asked for got lost: tokens 0 … t of a text of T tokens are read and then its
/// question at once, for every t from `first` to T − n − 1, where it is the text itself. Each is
/// really read, side by side. Empty when stopped. Throws Error as readTexts, and for a question, a
/// step or an answer that is not there.
std::optional<std::vector<EarlyAnswer>> askAfterEachStep(const TextReading& reading,
    std::span<const TokenId> tokens, Question question, int first, const std::stop_token& stop);

/// What it answers where nothing stands before the question: what it has no need to have read. Of
/// the same text, with the same errors; empty when stopped.
std::optional<EarlyAnswer> askAlone(const TextReading& reading, std::span<const TokenId> tokens,
    Question question, const std::stop_token& stop);

} // namespace timestep
