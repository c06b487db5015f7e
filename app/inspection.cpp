// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/inspection.h"

#include "app/interruption.h"
#include "engine/error.h"
#include "engine/execution/influence_sweep.h"
#include "engine/execution/memory_budget.h"
#include "engine/execution/run.h"
#include "engine/execution/stored_affinities.h"
#include "engine/measurement/machine.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"
#include "engine/text/tokenizer.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace timestep {

namespace {

std::vector<TokenId> idsOf(const std::vector<Token>& tokens)
{
    std::vector<TokenId> ids;
    ids.reserve(tokens.size());
    for (const Token& token : tokens)
        ids.push_back(token.id);
    return ids;
}

/// The model of the shortest context, where any model has one.
ModelPointer narrowest(const std::vector<ModelPointer>& models)
{
    ModelPointer result;
    for (const ModelPointer& model : models) {
        const bool bounded = model->shape.context > 0;
        if (bounded && (!result || model->shape.context < result->shape.context))
            result = model;
    }
    return result;
}

/// All models of a call read the same window.
std::vector<Token> windowOf(
    std::vector<Token> tokens, const ModelPointer& bound, std::optional<std::int64_t> window)
{
    const auto context = bound ? bound->shape.context : std::numeric_limits<std::ptrdiff_t>::max();
    if (!window) {
        if (std::ssize(tokens) > context) {
            throw Error("the text has " + std::to_string(tokens.size()) + " tokens, " + bound->name
                + " reads at most " + std::to_string(context)
                + "; say with --window FIRST which token to begin at");
        }
        return tokens;
    }
    if (*window > 0 && *window >= std::ssize(tokens)) {
        throw Error("--window " + std::to_string(*window) + ": the text has "
            + std::to_string(tokens.size()) + " tokens; the first has number 0");
    }
    tokens.erase(tokens.begin(), tokens.begin() + *window);
    if (std::ssize(tokens) > context)
        tokens.resize(static_cast<std::size_t>(context));
    return tokens;
}

/// Row 0 in double precision, kept as the executor would have recorded it.
void runReference(const LstmWeights<float>& weights, const ModelShape& /*shape*/,
    std::span<const TokenId> ids, bool /*causal*/, Inspection& result)
{
    const auto precise = weights.cast<double>();
    const auto layers = lstmForward(precise, ids);
    for (const LstmLayerActivations<double>& layer : layers) {
        result.recording.gates.push_back({ .input = layer.inputGate.cast<float>(),
            .forget = layer.forgetGate.cast<float>(),
            .candidate = layer.candidate.cast<float>(),
            .output = layer.outputGate.cast<float>() });
        result.recording.cell.push_back(layer.cell.cast<float>());
        result.recording.hidden.push_back(layer.hidden.cast<float>());
    }
    result.logits = lstmLogits(precise, layers.back().hidden).cast<float>();
}

void runReference(const AttentionWeights<float>& weights, const ModelShape& shape,
    std::span<const TokenId> ids, bool causal, Inspection& result)
{
    const auto precise = weights.cast<double>();
    const auto kept = attentionForward(precise, shape, ids, causal);
    StoredAffinities::Matrices affinities;
    for (const AttentionBlockActivations<double>& block : kept.blocks) {
        auto& heads = affinities.emplace_back();
        for (const Matrix<double>& affinity : block.attention.affinity)
            heads.push_back(affinity.cast<float>());
    }
    result.recording.affinities = std::make_shared<const StoredAffinities>(
        std::move(affinities), AttentionMask { causal, shape.attentionWindow });
    result.logits = attentionLogits(precise, kept.finalNorm.output).cast<float>();
}

/// What the reference keeps of T tokens, in double and once more in float, and the influence where
/// it is asked for.
std::size_t referenceBytes(const ModelShape& shape, std::size_t steps, bool influence)
{
    const auto width = static_cast<std::size_t>(shape.width);
    const auto layers = static_cast<std::size_t>(shape.layers);
    const auto heads = static_cast<std::size_t>(shape.heads);
    const std::size_t perStep = shape.kind == ModelKind::Lstm ? 7 * width : 18 * width;
    const std::size_t numbers = layers * steps * (perStep + heads * steps)
        + steps * static_cast<std::size_t>(shape.vocabulary) + (influence ? steps * steps : 0);
    return numbers * (sizeof(double) + sizeof(float));
}

void runReference(const ModelPointer& model, std::span<const TokenId> ids,
    const InspectionSettings& settings, const std::stop_token& stop, Inspection& result)
{
    refuseBeyondBudget("inspecting " + model->name,
        referenceBytes(model->shape, ids.size(), settings.influence), settings.memoryBudget);
    std::visit(
        [&](const auto& weights) {
            runReference(weights, model->shape, ids, settings.causal, result);
        },
        model->weights);
    if (!settings.influence)
        return;
    result.influence = influence<double>(*model, ids, settings.causal, stop);
    if (!result.influence)
        throw Interrupted();
}

void runKernels(std::span<const TokenId> ids, const InspectionSettings& settings,
    const std::stop_token& stop, Inspection& result)
{
    const int threads = processorCores();
    if (settings.influence) {
        refuseBeyondBudget("the influence of each token on " + result.model->name,
            InfluenceSweep::bytesNeeded(result.model->shape, ids.size(), threads),
            settings.memoryBudget);
    }
    const PackedModel packed(result.model, *settings.kernels);
    Executor executor(threads);
    RunSettings run;
    run.strategy = Strategy::Auto;
    run.causal = settings.causal;
    run.record = true;
    run.memoryBudget = settings.memoryBudget;
    std::optional<ModelRun> finished = runModel(packed, result.tokens, run, executor, stop);
    if (!finished)
        throw Interrupted();
    result.recording = std::move(finished->recording);
    result.logits = std::move(finished->logits);
    if (!settings.influence)
        return;
    result.influence = InfluenceSweep(packed).run(ids, settings.causal, stop);
    if (!result.influence)
        throw Interrupted();
}

/// Affinities need no look: what they mix would not be finite either.
void refuseUnlessFinite(const Inspection& result)
{
    bool finite = result.logits.allFinite();
    if (result.influence) {
        finite
            = finite && result.influence->norms.allFinite() && result.influence->shares.allFinite();
    }
    for (const auto& states : { &result.recording.cell, &result.recording.hidden }) {
        for (const Matrix<float>& layer : *states)
            finite = finite && layer.allFinite();
    }
    for (const GateRecording& gates : result.recording.gates) {
        finite = finite && gates.input.allFinite() && gates.forget.allFinite()
            && gates.candidate.allFinite() && gates.output.allFinite();
    }
    if (!finite) {
        throw Error(result.model->name
            + " computes numbers that are not finite on this text: its weights are too large; "
              "train it anew or name another model");
    }
}

Inspection inspectModel(const ModelPointer& model, std::vector<Token> tokens,
    const InspectionSettings& settings, std::stop_token stop)
{
    const std::vector<TokenId> ids = idsOf(tokens);
    Inspection result { .model = model,
        .tokens = std::move(tokens),
        .recording = {},
        .logits = {},
        .predictions = {},
        .influence = {} };
    // Nothing to run: the reference gives the empty arrays.
    if (settings.kernels->name == "reference" || ids.empty())
        runReference(model, ids, settings, stop, result);
    else
        runKernels(ids, settings, stop, result);
    refuseUnlessFinite(result);
    for (Eigen::Index t = 0; t < result.logits.rows(); ++t) {
        const std::span<const float> row(
            result.logits.row(t).data(), static_cast<std::size_t>(result.logits.cols()));
        result.predictions.push_back(bestPredictions(row, settings.predictions));
    }
    return result;
}

} // namespace

std::vector<Inspection> inspect(const std::vector<ModelPointer>& models, std::string_view text,
    const InspectionSettings& settings, std::stop_token stop)
{
    const ModelPointer bound = narrowest(models);
    std::vector<Inspection> results;
    for (const ModelPointer& model : models) {
        std::vector<Token> tokens = Tokenizer(model->vocabulary).encode(text);
        results.push_back(inspectModel(
            model, windowOf(std::move(tokens), bound, settings.window), settings, stop));
    }
    return results;
}

} // namespace timestep
