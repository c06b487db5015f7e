// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/read_texts.h"
#include "engine/execution/run.h"
#include "engine/measurement/prediction_change.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// A text read once more with something changed.
struct ChangedReading
{
    ModelRun run; // of row 0, really run
    PredictionChange change; // against the text as it was
};

/// One token of a text, and what stands in its place.
struct TokenReplacement
{
    int position = 0;
    TokenId token = 0;
    bool operator==(const TokenReplacement&) const = default;
};

/// Reads `tokens` (T) with one of them replaced, and otherwise as `settings` say. `before` (T, V):
/// the logits of the text as it is. What a token became likelier by is said of the text's own
/// tokens, also of the one that was replaced. Empty when stopped. Throws Error as runModel, and for
/// a position or a token that is not there.
std::optional<ChangedReading> readWithReplacement(const PackedModel& model,
    std::span<const Token> tokens, const Matrix<float>& before, TokenReplacement replacement,
    const RunSettings& settings, Executor& executor, const std::stop_token& stop);

/// Each token replaced in turn by the same one, and what that changes at position `t` of `tokens`
/// (T): D_KL in bits for each replaced position, (t + 1); where attention is not causal (T). All of
/// them are really read, side by side. `before` (V): the logits at `t` of the text as it is. Empty
/// when stopped. Throws Error as readTexts, and for a position or a token that is not there.
std::optional<std::vector<double>> changesByEachToken(const TextReading& reading,
    std::span<const TokenId> tokens, int t, std::span<const float> before, TokenId replacement,
    const std::stop_token& stop);

} // namespace timestep
