// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <span>
#include <vector>

namespace timestep {

struct Prediction
{
    TokenId id = 0;
    double probability = 0; // of all V tokens
    bool operator==(const Prediction&) const = default;
};

/// The `count` most probable next tokens of one position, best first, ties to the lowest id; all V
/// where there are fewer. logits: (V).
std::vector<Prediction> bestPredictions(std::span<const float> logits, int count);

} // namespace timestep
