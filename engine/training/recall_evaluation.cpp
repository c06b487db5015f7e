// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_evaluation.h"

#include "engine/error.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <vector>

namespace timestep {

namespace {

/// Adds what becomes of the grid's prompts of so many pairs. False when stopped.
bool addPrompts(Evaluator& evaluator, const RecallGrid& grid, int pairs, RecallScore& score,
    const std::stop_token& stop, const EvaluationProgress& progress)
{
    const std::int64_t all = grid.promptsOf(pairs);
    for (std::int64_t first = 0; first < all; first += evaluator.rows()) {
        std::vector<RecallPrompt> prompts;
        for (std::int64_t number = first; number < std::min(first + evaluator.rows(), all);
             ++number)
            prompts.push_back(grid.promptOf(pairs, number));
        const std::optional<std::vector<Judgement>> judgements
            = evaluator.run(recallBatch(prompts, evaluator.rows(), evaluator.steps()), stop);
        if (!judgements)
            return false;
        for (std::size_t row = 0; row < prompts.size(); ++row)
            score.add(prompts[row], (*judgements)[row]);
        if (progress)
            progress(score.all.targets, grid.prompts());
    }
    return true;
}

} // namespace

void RecallScore::add(const RecallPrompt& prompt, const Judgement& judgement)
{
    all.add(judgement);
    byPairs[prompt.pairs].add(judgement);
    byDistance[prompt.distance()].add(judgement);
    byCell[{ prompt.pairs, prompt.distance() }].add(judgement);
}

std::optional<RecallScore> evaluateRecall(Evaluator& evaluator, const RecallTask& task,
    std::int64_t prompts, const std::stop_token& stop, const EvaluationProgress& progress)
{
    assert(evaluator.steps() == task.steps());
    RecallScore score;
    for (std::uint64_t number = 0; score.all.targets < prompts; ++number) {
        const TrainingBatch batch = task.batch(number, evaluator.rows(), DataSide::HeldOut);
        const std::optional<std::vector<Judgement>> judgements = evaluator.run(batch, stop);
        if (!judgements)
            return std::nullopt;
        // Each row has one target; the last batch may have more rows than prompts are wanted.
        for (const Judgement& judgement : *judgements) {
            if (score.all.targets == prompts)
                break;
            const RecallPrompt prompt
                = task.prompt(static_cast<std::uint64_t>(score.all.targets), DataSide::HeldOut);
            score.add(prompt, judgement);
        }
        if (progress)
            progress(score.all.targets, prompts);
    }
    return score;
}

std::optional<RecallScore> evaluateRecall(const MakeEvaluator& makeEvaluator,
    const RecallGrid& grid, const std::stop_token& stop, const EvaluationProgress& progress)
{
    RecallScore score;
    for (const int pairs : grid.pairs()) {
        const std::unique_ptr<Evaluator> evaluator
            = makeEvaluator(grid.promptsOf(pairs), recallPromptSteps(pairs));
        if (!addPrompts(*evaluator, grid, pairs, score, stop, progress))
            return std::nullopt;
    }
    return score;
}

void refuseUnlessRecallModel(const Model& model)
{
    if (!(*model.vocabulary == *recallVocabulary()))
        throw Error("model \"" + model.name + "\" has a vocabulary of "
            + std::to_string(model.vocabulary->size())
            + " pieces, but the recall task is written in single bytes; judge a model that was "
              "trained on it: timestep train --task recall");
}

} // namespace timestep
