// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/run.h"

#include "engine/error.h"
#include "engine/execution/logits.h"
#include "engine/execution/memory_budget.h"
#include "engine/execution/recomputed_affinities.h"
#include "engine/execution/strategy_choice.h"
#include "engine/execution/text_layers.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace timestep {

namespace {

void refuseBeyondContext(const Model& model, std::size_t tokens)
{
    const int context = model.shape.context;
    if (context == 0 || tokens <= static_cast<std::size_t>(context))
        return;
    throw Error("the text has " + std::to_string(tokens) + " tokens, and model \"" + model.name
        + "\" reads " + std::to_string(context)
        + " at most; shorten it or choose a window of it (--window)");
}

std::vector<TokenId> idsOf(std::span<const Token> tokens)
{
    std::vector<TokenId> ids;
    ids.reserve(tokens.size());
    for (const Token& token : tokens)
        ids.push_back(token.id);
    return ids;
}

std::size_t matrixBytes(int rows, int columns)
{
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * sizeof(float);
}

/// Makes room for what is kept of row 0, and tells the layers of it.
void record(
    const PlanShape& shape, const Kernels& kernels, Recording& recording, TextLayers::Text& text)
{
    if (shape.kind == ModelKind::Lstm) {
        recording = emptyRecording(shape);
        text.recording = &recording;
        return;
    }
    auto affinities = std::make_shared<RecomputedAffinities>(shape, kernels);
    text.affinities = affinities.get();
    recording.affinities = std::move(affinities);
}

} // namespace

std::optional<ModelRun> runModel(const PackedModel& model, std::span<const Token> tokens,
    const RunSettings& settings, Executor& executor, std::stop_token stop)
{
    refuseBeyondContext(*model.model(), tokens.size());
    const int steps = static_cast<int>(tokens.size());
    if (settings.intervention)
        refuseUnlessPossible(*settings.intervention, *model.model(), steps);
    const PlanShape shape
        = planShapeOf(model.model()->shape, steps, settings.rows, settings.causal);
    ModelRun run;
    run.model = model.model();
    const Cut cut = executedCut(shape, settings.strategy, settings.subBatches, executor.threads());
    run.plan = makePlan(shape, settings.smallOperations ? smallestOperations(cut) : cut);

    const std::size_t recorded = settings.record ? recordingBytes(shape) : 0;
    const std::size_t lastHidden = matrixBytes(steps, shape.width);
    const std::size_t logits = matrixBytes(steps, model.head().columns());
    refuseBeyondBudget("a run of model \"" + run.model->name + "\" on "
            + std::to_string(settings.rows) + " x " + std::to_string(steps) + " tokens",
        TextLayers::bytesNeeded(model, run.plan, executor.threads()) + recorded + lastHidden
            + logits,
        settings.memoryBudget);

    MemoryAccount account;
    const CountedBytes counted(recorded + lastHidden + logits, account);
    AlignedFloats hidden(lastHidden / sizeof(float));
    TextLayers::Text text;
    text.tokens = idsOf(tokens);
    text.lastHidden = hidden.data();
    text.intervention = settings.intervention.get();
    if (settings.record)
        record(shape, model.kernels(), run.recording, text);
    TextLayers layers(model, std::move(text), run.plan, executor.threads(), account);

    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome
        = executor.run(run.plan, layers, stop, settings.trace ? &run.trace : nullptr);
    const std::chrono::duration<double, std::milli> elapsed
        = std::chrono::steady_clock::now() - begin;
    if (outcome == Outcome::Cancelled)
        return std::nullopt;
    run.milliseconds = elapsed.count();

    std::optional<Matrix<float>> predicted = logitsOf(model, hidden.data(), steps, stop);
    if (!predicted)
        return std::nullopt;
    if (!layers.finite())
        throw notFinite(*run.model);
    run.logits = std::move(*predicted);
    run.peakBytes = account.peakBytes();
    return run;
}

} // namespace timestep
