// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_recall.h"

#include "app/arguments.h"
#include "app/everywhere.h"
#include "app/interruption.h"
#include "engine/error.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

constexpr std::int64_t mostPrompts = 1LL << 40;

/// Whether every cell gets as many prompts, instead of prompts drawn as training draws them.
bool wantsGrid(const Arguments& arguments)
{
    const auto options = { "--csv", "--pairs", "--prompts-per-cell" };
    const bool grid = std::any_of(
        options.begin(), options.end(), [&](const char* option) { return arguments.has(option); });
    if (grid && arguments.has("--prompts"))
        throw UsageError("--prompts fills no grid, as --csv and --pairs want it; give "
                         "--prompts-per-cell");
    return grid;
}

/// Ascending, each once.
std::vector<int> chosenPairs(const Arguments& arguments)
{
    std::vector<int> pairs = arguments.integers("--pairs", {}, 1, mostRecallPairs);
    if (!pairs.empty()) {
        for (const char* const option : { "--min-pairs", "--max-pairs" })
            if (arguments.has(option))
                throw UsageError(std::string(option) + " and --pairs contradict each other");
        std::sort(pairs.begin(), pairs.end());
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
        return pairs;
    }
    const auto bound = [&](const char* option, int fallback) {
        return static_cast<int>(arguments.integer(option, fallback, 1, mostRecallPairs));
    };
    const int least = bound("--min-pairs", 1);
    const int most = bound("--max-pairs", 8);
    if (least > most)
        throw UsageError("--min-pairs is more than --max-pairs");
    pairs.resize(static_cast<std::size_t>(most) - static_cast<std::size_t>(least) + 1);
    std::iota(pairs.begin(), pairs.end(), least);
    return pairs;
}

/// A prompt longer than the context would have to be cut.
void refuseBeyondContext(const Model& model, int mostPairs)
{
    const int context = model.shape.context;
    const int steps = recallPromptSteps(mostPairs);
    if (context > 0 && steps > context)
        throw Error("model \"" + model.name + "\" reads up to " + std::to_string(context)
            + " tokens, and a prompt of " + std::to_string(mostPairs) + " pairs has "
            + std::to_string(steps) + "; give fewer with --max-pairs or --pairs");
}

/// Of one model; the same prompts for each. Nothing when stopped.
std::optional<RecallScore> scoreOf(const EvaluationCall& call, const PackedModel& packed,
    const RecallReport& report, const EvaluationProgress& progress)
{
    if (report.promptsPerCell) {
        const RecallGrid grid(report.pairs, *report.promptsPerCell, report.seed);
        return evaluateRecall(call.evaluatorsOf(packed), grid, call.stop, progress);
    }
    const RecallTask task({ report.pairs.front(), report.pairs.back() }, report.seed);
    const std::int64_t prompts = call.arguments.integer("--prompts", 2000, 1, mostPrompts);
    const auto evaluator = call.evaluator(packed, prompts, task.steps());
    return evaluateRecall(*evaluator, task, prompts, call.stop, progress);
}

} // namespace

RecallReport evaluateRecalls(const EvaluationCall& call)
{
    RecallReport report;
    report.pairs = chosenPairs(call.arguments);
    if (wantsGrid(call.arguments))
        report.promptsPerCell
            = call.arguments.integer("--prompts-per-cell", 50, 1, RecallGrid::mostPromptsPerCell);
    report.seed = chosenSeed(call.arguments);
    report.kernel = call.kernels.name;
    for (const ModelPointer& model : call.models) {
        refuseUnlessRecallModel(*model);
        refuseBeyondContext(*model, report.pairs.back());
        const PackedModel packed(model, call.kernels);
        const EvaluationLine line(model->name, "prompts");
        std::optional<RecallScore> score = scoreOf(call, packed, report, line.shown());
        if (!score)
            throw Interrupted();
        refuseUnlessFinite(*model, score->all);
        report.lines.push_back({ model, std::move(*score) });
    }
    return report;
}

} // namespace timestep
