// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/measurement/head_scores.h"
#include "engine/text/vocabulary.h"
#include "engine/training/ordered_windows.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// What heads are watched on.
struct HeadTexts
{
    std::vector<std::vector<TokenId>> windows; // of a corpus
    std::vector<std::vector<TokenId>> repeated; // random ones, each of 2n tokens
};

/// `count` windows of all that several corpora have, evenly spread over them; all where there are
/// no more.
std::vector<std::vector<TokenId>> spreadWindows(
    std::span<const OrderedWindows> corpora, std::size_t count);

/// n: the most different tokens, read twice, that fit in T = `steps` tokens.
int repeatedTokens(const Vocabulary& vocabulary, int steps);

/// n different tokens in random order, then the same again: (2n). They are drawn from all that
/// stand for bytes; `number` tells sequences of one seed apart.
std::vector<TokenId> repeatedRandomTokens(
    const Vocabulary& vocabulary, int n, std::uint64_t seed, std::uint64_t number);

/// What the heads of an attention model do on these texts, causal: the affinities are those that a
/// recorded run keeps, which the heatmap shows. `progress` is told how many of how many texts are
/// read. Nothing when stopped. Throws Error as runModel does.
std::optional<HeadScores> evaluateHeads(const PackedModel& model, const HeadTexts& texts,
    Executor& executor, std::size_t memoryBudget, const std::stop_token& stop,
    const std::function<void(std::int64_t done, std::int64_t all)>& progress = {});

} // namespace timestep
