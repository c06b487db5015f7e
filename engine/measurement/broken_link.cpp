// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/broken_link.h"

#include "engine/measurement/prediction_change.h"
#include "engine/model/next_token.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <tuple>

namespace timestep {

namespace {

std::span<const float> rowOf(const Matrix<float>& logits, int row)
{
    return { logits.row(row).data(), static_cast<std::size_t>(logits.cols()) };
}

TokenId likeliest(std::span<const float> logits) { return chooseToken(logits, TokenChoice {}, 0); }

BrokenLinkEffect effectOf(std::span<const float> right, std::span<const float> wrong)
{
    return { divergenceBits(right, wrong), likeliest(right) != likeliest(wrong) };
}

} // namespace

LstmIntervention brokenLink(const ModelShape& lstm, int step)
{
    LstmIntervention intervention;
    for (int layer = 0; layer < lstm.layers; ++layer) {
        intervention.forgetGates.push_back(
            { .layer = layer, .steps = { step, step + 1 }, .value = 0 });
        intervention.cutLinks.push_back({ .layer = layer, .step = step });
    }
    return intervention;
}

std::optional<std::vector<BrokenLinkEffect>> effectsOfBrokenLinks(const PackedModel& lstm,
    std::span<const Token> tokens, const Matrix<float>& right, IndexRange steps,
    RunSettings settings, Executor& executor, const std::stop_token& stop)
{
    assert(steps.begin >= 1 && steps.count() > 0 && steps.end <= static_cast<int>(tokens.size()));
    std::vector<BrokenLinkEffect> effects;
    for (int step = steps.begin; step < steps.end; ++step) {
        settings.intervention
            = std::make_shared<const LstmIntervention>(brokenLink(lstm.model()->shape, step));
        const auto seen = tokens.first(static_cast<std::size_t>(step) + 1);
        const auto run = runModel(lstm, seen, settings, executor, stop);
        if (!run)
            return std::nullopt;
        effects.push_back(effectOf(rowOf(right, step), rowOf(run->logits, step)));
    }
    return effects;
}

std::size_t mostHarmful(std::span<const BrokenLinkEffect> effects)
{
    assert(!effects.empty());
    const auto harm
        = [](const BrokenLinkEffect& effect) { return std::tuple(effect.otherBest, effect.bits); };
    return static_cast<std::size_t>(std::ranges::max_element(effects, {}, harm) - effects.begin());
}

} // namespace timestep
