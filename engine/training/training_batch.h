// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/cross_entropy.h"
#include "engine/text/token.h"

#include <cstdint>
#include <vector>

namespace timestep {

/// What one training step reads: B rows of T tokens and, for each position, the token that follows.
/// Every row begins with an empty state and at position 0. The loss is the sum of −log p(target)
/// over the counted targets, divided once by their number.
struct TrainingBatch
{
    int rows = 0; // B
    int steps = 0; // T
    std::vector<TokenId> tokens; // (B, T)
    std::vector<TokenId> targets; // (B, T); uncounted where the loss leaves the position out
    std::int64_t counted = 0; // targets that are not uncounted
    bool operator==(const TrainingBatch&) const = default;
};

} // namespace timestep
