// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_texts.h"

#include "app/arguments.h"
#include "app/corpus_sources.h"
#include "app/interruption.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace timestep {

namespace {

/// Of one model; the same texts for each.
TextReport::Line lineOf(const EvaluationCall& call, const ModelPointer& model,
    const std::vector<OrderedWindows>& windows)
{
    const PackedModel packed(model, call.kernels);
    const EvaluationLine progress(model->name, "tokens");
    std::optional<std::vector<TextScore>> scores = evaluateTexts(
        call.evaluatorsOf(packed), windows, *model->vocabulary, call.stop, progress.shown());
    if (!scores)
        throw Interrupted();
    TextReport::Line line;
    line.model = model;
    line.sources = std::move(*scores);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        line.length = std::max(line.length, windows[i].steps());
        line.windows += windows[i].windows();
        line.all.add(line.sources[i]);
    }
    refuseUnlessFinite(*model, line.all.tokens);
    return line;
}

} // namespace

TextReport evaluateTexts(const EvaluationCall& call)
{
    TextReport report;
    report.corpus = call.arguments.texts("--corpus");
    report.kernel = call.kernels.name;
    CorpusSources sources(report.corpus);
    for (const CorpusSource& source : sources.all())
        report.sources.push_back({ source.name, source.documents.size() });
    const int length = call.windowLength();
    for (const ModelPointer& model : call.models)
        report.lines.push_back(
            lineOf(call, model, sources.windows(model->vocabulary, length, call.stop)));
    return report;
}

} // namespace timestep
