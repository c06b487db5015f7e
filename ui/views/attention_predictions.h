// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"

#include <QString>

#include <vector>

namespace timestep {

/// One token that may come next.
struct Prediction
{
    TokenId id = 0;
    QString label;
    double probability = 0;
};

/// The `count` most likely next tokens after position `row`, most likely first, ties to the lowest
/// id: softmax of the logits (T, V).
std::vector<Prediction> topPredictions(const ModelRun& run, int row, int count);

/// "and 0.11 · key 0.09 · . 0.08"
QString predictionText(const std::vector<Prediction>& predictions);

} // namespace timestep
