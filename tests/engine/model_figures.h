// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/recall_evaluation.h"
#include "tests/engine/read_text.h"

#include <nlohmann/json.hpp>

namespace timestep {

/// What a figure of resources/models/figures.json is, computed afresh: `bits_per_byte` of `text`,
/// or `share_right` of the recall prompts that `recall` describes. Throws Error, and nlohmann's
/// where a key is missing.
inline double computedFigure(const ModelPointer& model, const nlohmann::json& figure)
{
    if (figure.contains("bits_per_byte"))
        return ReadText(model, figure.at("text").get<std::string>()).bitsPerByte();
    const nlohmann::json& recall = figure.at("recall");
    const RecallTask task({ recall.at("min_pairs"), recall.at("max_pairs") }, recall.at("seed"));
    refuseUnlessRecallModel(*model);
    const PackedModel packed(model, defaultKernels());
    const int prompts = recall.at("prompts");
    Evaluator evaluator(packed, prompts, task.steps(), 1);
    return evaluateRecall(evaluator, task, prompts, {})->all.shareRight();
}

/// The figure that is claimed.
inline double claimedFigure(const nlohmann::json& figure)
{
    return figure.contains("bits_per_byte") ? figure.at("bits_per_byte") : figure.at("share_right");
}

inline bool figureAgrees(double computed, const nlohmann::json& figure)
{
    return std::abs(computed - claimedFigure(figure)) <= figure.at("tolerance").get<double>();
}

} // namespace timestep
