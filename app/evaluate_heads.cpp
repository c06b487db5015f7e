// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_heads.h"

#include "app/arguments.h"
#include "app/corpus_sources.h"
#include "app/everywhere.h"
#include "app/interruption.h"
#include "engine/error.h"
#include "engine/measurement/head_evaluation.h"

#include <optional>
#include <utility>

namespace timestep {

namespace {

constexpr std::int64_t mostWindows = 1 << 20;

void refuseUnlessItReads(const Model& model, int length)
{
    if (model.shape.kind != ModelKind::Attention)
        throw Error("model \"" + model.name
            + "\" is an LSTM and has no heads; name attention models with --heads");
    if (model.shape.context > 0 && length > model.shape.context)
        throw Error("model \"" + model.name + "\" reads up to "
            + std::to_string(model.shape.context) + " tokens; give a --length up to that");
}

/// As many random sequences as windows: one for each.
HeadTexts textsFor(const Model& model, std::span<const OrderedWindows> corpora, std::size_t windows,
    int repeated, std::uint64_t seed)
{
    HeadTexts texts { .windows = spreadWindows(corpora, windows), .repeated = {} };
    if (repeated > 1)
        for (std::uint64_t number = 0; number < texts.windows.size(); ++number)
            texts.repeated.push_back(
                repeatedRandomTokens(*model.vocabulary, repeated, seed, number));
    return texts;
}

} // namespace

HeadsReport evaluateHeads(const EvaluationCall& call)
{
    const Arguments& arguments = call.arguments;
    HeadsReport report;
    report.corpus = arguments.texts("--corpus");
    report.seed = chosenSeed(arguments);
    report.kernel = call.kernels.name;
    CorpusSources sources(report.corpus);
    report.documents = sources.documents();
    report.length = call.windowLength();
    const auto windows
        = static_cast<std::size_t>(arguments.integer("--windows", 16, 1, mostWindows));
    Executor executor(call.threads);
    for (const ModelPointer& model : call.models) {
        refuseUnlessItReads(*model, report.length);
        const int repeated = repeatedTokens(*model->vocabulary, report.length);
        const HeadTexts texts
            = textsFor(*model, sources.windows(model->vocabulary, report.length, call.stop),
                windows, repeated, report.seed);
        const PackedModel packed(model, call.kernels);
        const EvaluationLine line(model->name, "texts");
        std::optional<HeadScores> scores
            = evaluateHeads(packed, texts, executor, call.memoryBudget, call.stop, line.shown());
        if (!scores)
            throw Interrupted();
        report.lines.push_back({ model, texts.windows.size(), repeated, std::move(*scores) });
    }
    return report;
}

} // namespace timestep
