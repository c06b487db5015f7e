// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// Neither the hidden nor the cell state of the step before reaches `step`, in any layer: one that
/// still got them would know what came before.
LstmIntervention brokenLink(const ModelShape& lstm, int step);

/// What became of the prediction after a step that was begun without the one before it.
struct BrokenLinkEffect
{
    double bits = 0; // divergenceBits() of the right prediction and the wrong one
    bool otherBest = false; // another token is the likeliest
};

/// The link before each of `steps` (not empty, from 1 on) broken in turn, and each time
/// really run up to that step. tokens: (T); right: (T, V), the logits of the text as it is.
/// (steps), or empty when stopped. Throws Error as runModel.
std::optional<std::vector<BrokenLinkEffect>> effectsOfBrokenLinks(const PackedModel& lstm,
    std::span<const Token> tokens, const Matrix<float>& right, IndexRange steps,
    RunSettings settings, Executor& executor, const std::stop_token& stop);

/// Where a broken link does most harm: the most bits among those that make another token the
/// likeliest; where none does, among all. The first of equals; effects: not empty.
std::size_t mostHarmful(std::span<const BrokenLinkEffect> effects);

} // namespace timestep
