// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/text_evaluation.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

namespace timestep {

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

} // namespace timestep
