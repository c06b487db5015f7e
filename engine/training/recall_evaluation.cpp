// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_evaluation.h"

#include "engine/error.h"

#include <cassert>

namespace timestep {

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
            score.all.add(judgement);
            score.byPairs[prompt.pairs].add(judgement);
            score.byDistance[prompt.distance()].add(judgement);
        }
        if (progress)
            progress(score.all.targets, prompts);
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
