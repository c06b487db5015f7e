// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/text_evaluation.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

namespace timestep {

void TextScore::add(const TextScore& score)
{
    tokens.add(score.tokens);
    bytes += score.bytes;
}

double TextScore::perplexity() const { return std::exp(tokens.meanLoss()); }

double TextScore::bitsPerByte() const
{
    return bytes > 0 ? tokens.loss / std::numbers::ln2 / static_cast<double>(bytes)
                     : std::numeric_limits<double>::quiet_NaN();
}

std::optional<TextScore> evaluateText(Evaluator& evaluator, const OrderedWindows& windows,
    const Vocabulary& vocabulary, const std::stop_token& stop, const EvaluationProgress& progress)
{
    assert(evaluator.steps() == windows.steps());
    TextScore score;
    const auto all = static_cast<std::int64_t>(windows.targets());
    for (std::uint64_t number = 0; score.tokens.targets < all; ++number) {
        const TrainingBatch batch = windows.batch(number, evaluator.rows());
        const std::optional<std::vector<Judgement>> judgements = evaluator.run(batch, stop);
        if (!judgements)
            return std::nullopt;
        for (const Judgement& judgement : *judgements)
            score.tokens.add(judgement);
        for (const TokenId target : batch.targets)
            if (target != uncounted)
                score.bytes += std::ssize(vocabulary.bytes(target));
        if (progress)
            progress(score.tokens.targets, all);
    }
    return score;
}

std::optional<std::vector<TextScore>> evaluateTexts(const MakeEvaluator& makeEvaluator,
    std::span<const OrderedWindows> corpora, const Vocabulary& vocabulary,
    const std::stop_token& stop, const EvaluationProgress& progress)
{
    std::int64_t all = 0;
    for (const OrderedWindows& windows : corpora)
        all += static_cast<std::int64_t>(windows.targets());
    std::int64_t before = 0; // targets of the corpora that are done
    const auto ofAll = [&](std::int64_t done, std::int64_t /*ofCorpus*/) {
        if (progress)
            progress(before + done, all);
    };
    std::vector<TextScore> scores;
    for (const OrderedWindows& windows : corpora) {
        const std::unique_ptr<Evaluator> evaluator
            = makeEvaluator(static_cast<std::int64_t>(windows.windows()), windows.steps());
        const std::optional<TextScore> score
            = evaluateText(*evaluator, windows, vocabulary, stop, ofAll);
        if (!score)
            return std::nullopt;
        before += score->tokens.targets;
        scores.push_back(*score);
    }
    return scores;
}

} // namespace timestep
