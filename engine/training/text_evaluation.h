// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/evaluation.h"
#include "engine/training/ordered_windows.h"

#include <span>
#include <vector>

namespace timestep {

/// How well a model foretells a text.
struct TextScore
{
    Score tokens;
    std::int64_t bytes = 0; // that the targets stand for; a separator stands for none

    void add(const TextScore& score);
    double perplexity() const; // e to the mean loss
    /// Comparable between vocabularies. The loss of separators is in it; NaN where there are no
    /// bytes.
    double bitsPerByte() const;
};

/// Of all windows; the evaluator's steps must be theirs. Nothing when stopped.
std::optional<TextScore> evaluateText(Evaluator& evaluator, const OrderedWindows& windows,
    const Vocabulary& vocabulary, const std::stop_token& stop,
    const EvaluationProgress& progress = {});

/// Of several corpora, each judged by itself. Nothing when stopped.
std::optional<std::vector<TextScore>> evaluateTexts(const MakeEvaluator& makeEvaluator,
    std::span<const OrderedWindows> corpora, const Vocabulary& vocabulary,
    const std::stop_token& stop, const EvaluationProgress& progress = {});

} // namespace timestep
