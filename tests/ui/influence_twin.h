// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/model/influence.h"

#include <vector>

namespace timestep {

/// The influence of a run's window in one model by the readable twin, in double.
inline Influence influenceTwin(const Run& run, const Model& model, bool causal = true,
    const std::vector<TokenId>& targets = {})
{
    std::vector<TokenId> ids;
    for (int token = run.window.begin; token < run.window.end; ++token)
        ids.push_back(run.tokens[static_cast<std::size_t>(token)].id);
    return *influence<double>(model, ids, causal, {}, targets);
}

} // namespace timestep
