// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/evaluation.h"
#include "engine/training/recall_grid.h"
#include "engine/training/recall_task.h"

#include <map>

namespace timestep {

/// How often a model recalls the value of the key that is asked for.
struct RecallScore
{
    Score all;
    std::map<int, Score> byPairs; // key-value pairs in the prompt
    std::map<int, Score> byDistance; // pairs between the one that is asked for and the question
    std::map<RecallCell, Score> byCell; // those that were asked

    void add(const RecallPrompt& prompt, const Judgement& judgement);
};

/// Of prompts 0 … `prompts` − 1 that are held out; the evaluator's steps must be the task's.
/// Nothing when stopped.
std::optional<RecallScore> evaluateRecall(Evaluator& evaluator, const RecallTask& task,
    std::int64_t prompts, const std::stop_token& stop, const EvaluationProgress& progress = {});

/// Of all prompts of a grid. Prompts of as many pairs are as long and are read together, so that
/// nothing is padded. Nothing when stopped.
std::optional<RecallScore> evaluateRecall(const MakeEvaluator& makeEvaluator,
    const RecallGrid& grid, const std::stop_token& stop, const EvaluationProgress& progress = {});

/// Throws Error for a model whose vocabulary is not that of the recall task.
void refuseUnlessRecallModel(const Model& model);

} // namespace timestep
