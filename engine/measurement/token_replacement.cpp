// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/token_replacement.h"

#include "engine/error.h"

#include <cassert>
#include <string>
#include <utility>

namespace timestep {

namespace {

void refuseUnlessThere(const Model& model, std::size_t tokens, int position, TokenId replacement)
{
    if (position < 0 || position >= static_cast<int>(tokens))
        throw Error("position " + std::to_string(position) + " is not in the text, which has "
            + std::to_string(tokens) + " tokens, counted from 0; choose one of these");
    refuseUnknownToken(model, replacement);
}

} // namespace

std::optional<ChangedReading> readWithReplacement(const PackedModel& model,
    std::span<const Token> tokens, const Matrix<float>& before, TokenReplacement replacement,
    const RunSettings& settings, Executor& executor, const std::stop_token& stop)
{
    refuseUnlessThere(*model.model(), tokens.size(), replacement.position, replacement.token);
    std::vector<Token> changed(tokens.begin(), tokens.end());
    changed[static_cast<std::size_t>(replacement.position)].id = replacement.token;
    std::optional<ModelRun> run = runModel(model, changed, settings, executor, stop);
    if (!run)
        return std::nullopt;
    std::vector<TokenId> ids;
    for (const Token& token : tokens)
        ids.push_back(token.id);
    PredictionChange change = predictionChange(before, run->logits, ids);
    return ChangedReading { std::move(*run), std::move(change) };
}

std::optional<std::vector<double>> changesByEachToken(const TextReading& reading,
    std::span<const TokenId> tokens, int t, std::span<const float> before, TokenId replacement,
    const std::stop_token& stop)
{
    const Model& model = *reading.model.model();
    refuseUnlessThere(model, tokens.size(), t, replacement);
    const bool causal = model.shape.kind == ModelKind::Lstm || reading.causal;
    const std::span<const TokenId> seen
        = causal ? tokens.first(static_cast<std::size_t>(t) + 1) : tokens;
    std::vector<TextToRead> texts(
        seen.size(), TextToRead { .tokens = { seen.begin(), seen.end() }, .position = t });
    for (std::size_t i = 0; i < texts.size(); ++i)
        texts[i].tokens[i] = replacement;
    std::vector<double> changes(texts.size());
    if (!readTexts(reading, texts, stop, [&](std::size_t text, std::span<const float> after) {
            changes[text] = divergenceBits(before, after);
        }))
        return std::nullopt;
    return changes;
}

} // namespace timestep
