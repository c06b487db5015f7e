// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/head_evaluation.h"

#include "engine/execution/run.h"
#include "engine/training/random_draws.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

namespace timestep {

namespace {

constexpr std::array jobsOnText { HeadJob::PreviousToken, HeadJob::Induction, HeadJob::FirstToken };
constexpr std::array jobsOnRepetition { HeadJob::RepeatedInduction };

/// The tokens that window `number` reads.
std::vector<TokenId> windowTokens(const OrderedWindows& windows, std::size_t number)
{
    TrainingBatch batch = windows.batch(number, 1);
    batch.tokens.resize(static_cast<std::size_t>(batch.counted));
    return std::move(batch.tokens);
}

/// Ids with a piece: an id without one is no token that a text can have.
std::vector<TokenId> pieces(const Vocabulary& vocabulary)
{
    std::vector<TokenId> ids;
    for (TokenId id = 0; id < vocabulary.size(); ++id)
        if (!vocabulary.bytes(id).empty())
            ids.push_back(id);
    return ids;
}

/// A recorded run of one text, its affinities added. False when stopped.
bool addText(const PackedModel& model, const std::vector<TokenId>& ids,
    std::span<const HeadJob> jobs, const RunSettings& settings, Executor& executor,
    const std::stop_token& stop, HeadScores& scores)
{
    std::vector<Token> tokens(ids.size());
    std::transform(ids.begin(), ids.end(), tokens.begin(), [](TokenId id) { return Token { id }; });
    const std::optional<ModelRun> run = runModel(model, tokens, settings, executor, stop);
    return run && scores.add(jobs, *run->recording.affinities, ids, stop);
}

} // namespace

std::vector<std::vector<TokenId>> spreadWindows(
    std::span<const OrderedWindows> corpora, std::size_t count)
{
    const std::size_t all = std::accumulate(corpora.begin(), corpora.end(), std::size_t { 0 },
        [](std::size_t sum, const OrderedWindows& windows) { return sum + windows.windows(); });
    const std::size_t chosen = std::min(count, all);
    std::vector<std::vector<TokenId>> result;
    auto corpus = corpora.begin();
    std::size_t before = 0; // windows of the corpora before it
    for (std::size_t i = 0; i < chosen; ++i) {
        const std::size_t number = (2 * i + 1) * all / (2 * chosen); // the middle of its share
        for (; number - before >= corpus->windows(); ++corpus)
            before += corpus->windows();
        result.push_back(windowTokens(*corpus, number - before));
    }
    return result;
}

int repeatedTokens(const Vocabulary& vocabulary, int steps)
{
    return std::min(steps / 2, static_cast<int>(pieces(vocabulary).size()));
}

std::vector<TokenId> repeatedRandomTokens(
    const Vocabulary& vocabulary, int n, std::uint64_t seed, std::uint64_t number)
{
    const std::vector<TokenId> ids = pieces(vocabulary);
    const auto count = static_cast<std::size_t>(n);
    assert(count <= ids.size());
    RandomDraws draws(seed, DrawPurpose::RepeatedTokens, number);
    const std::vector<std::uint32_t> order
        = shuffled(static_cast<std::uint32_t>(ids.size()), draws);
    std::vector<TokenId> tokens(2 * count);
    for (std::size_t i = 0; i < count; ++i)
        tokens[i] = tokens[i + count] = ids[order[i]];
    return tokens;
}

std::optional<HeadScores> evaluateHeads(const PackedModel& model, const HeadTexts& texts,
    Executor& executor, std::size_t memoryBudget, const std::stop_token& stop,
    const std::function<void(std::int64_t done, std::int64_t all)>& progress)
{
    const ModelShape& shape = model.model()->shape;
    assert(shape.kind == ModelKind::Attention);
    RunSettings settings;
    settings.strategy = Strategy::Auto;
    settings.record = true;
    settings.memoryBudget = memoryBudget;
    HeadScores scores(shape.layers, shape.heads);
    std::int64_t done = 0;
    const std::int64_t all = std::ssize(texts.windows) + std::ssize(texts.repeated);
    const auto add = [&](const std::vector<std::vector<TokenId>>& several,
                         std::span<const HeadJob> jobs) {
        return std::all_of(several.begin(), several.end(), [&](const std::vector<TokenId>& ids) {
            const bool added = addText(model, ids, jobs, settings, executor, stop, scores);
            if (added && progress)
                progress(++done, all);
            return added;
        });
    };
    if (!add(texts.windows, jobsOnText) || !add(texts.repeated, jobsOnRepetition))
        return std::nullopt;
    return scores;
}

} // namespace timestep
