// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/run.h"
#include "engine/model/untrained_model.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <thread>

namespace timestep {

/// One model of the untrained pair has read `tokens` tokens of a small vocabulary in no order, so
/// that every token occurs often, and recorded it. The other's run is null.
inline std::shared_ptr<const Run> runOfRandomTokens(ModelKind kind, int tokens)
{
    const auto vocabulary = Vocabulary::bundled();
    const ModelPair models = untrainedPair(vocabulary, 1);
    auto run = std::make_shared<Run>();
    std::uint32_t random = 1;
    for (int token = 0; token < tokens; ++token) {
        random = random * 1664525U + 1013904223U;
        const TokenId id = static_cast<TokenId>(random >> 16U) % vocabulary->size();
        const std::string bytes(vocabulary->bytes(id));
        run->tokens.push_back({ id, run->text.size(), run->text.size() + bytes.size() });
        run->text += bytes;
    }
    run->window = { 0, tokens };
    Executor executor(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    RunSettings settings;
    settings.record = true;
    settings.strategy = Strategy::Auto;
    const bool lstm = kind == ModelKind::Lstm;
    const PackedModel packed(lstm ? models.lstm : models.attention, defaultKernels());
    (lstm ? run->lstm : run->attention)
        = std::make_shared<const ModelRun>(*runModel(packed, run->tokens, settings, executor, {}));
    return run;
}

} // namespace timestep
