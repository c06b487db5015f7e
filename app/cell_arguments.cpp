// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cell_arguments.h"

#include "app/arguments.h"
#include "app/everywhere.h"
#include "app/model_arguments.h"
#include "engine/error.h"
#include "engine/measurement/machine.h"
#include "engine/text/tokenizer.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int longest = 1 << 20;
constexpr int widest = 1 << 14;

bool suits(Strategy strategy, ModelKind kind)
{
    switch (strategy) {
    case Strategy::Auto:
    case Strategy::Sequential:
    case Strategy::SubBatch:
        return true;
    case Strategy::HiddenSplit:
    case Strategy::LayerWavefront:
        return kind == ModelKind::Lstm;
    case Strategy::Head:
    case Strategy::QueryBlock:
        return kind == ModelKind::Attention;
    }
    return false;
}

SweepCell::Pass chosenPass(const Arguments& arguments)
{
    const std::string pass
        = arguments.choice("--pass", "inference", { "inference", "training", "generation" });
    return pass == "inference" ? SweepCell::Pass::Inference
        : pass == "training"   ? SweepCell::Pass::Training
                               : SweepCell::Pass::Generation;
}

/// What --pass training does not time.
void refuseUntrainable(SweepCell::Pass pass, Strategy strategy)
{
    if (pass != SweepCell::Pass::Training)
        return;
    if (!trains(strategy)) {
        throw UsageError("--strategy " + std::string(strategyName(strategy))
            + " does not train attention: sequential and sub-batch do");
    }
}

Strategy chosenStrategy(const Arguments& arguments)
{
    const std::string name = arguments.choice("--strategy", "auto",
        { "auto", "sequential", "sub-batch", "hidden-split", "layer-wavefront", "head",
            "query-block" });
    return *strategyFromName(name);
}

int chosenSubBatches(const Arguments& arguments)
{
    if (arguments.text("--sub-batches", "auto") == "auto")
        return 0;
    return static_cast<int>(arguments.integer("--sub-batches", 0, 1, longest));
}

std::vector<SweepCell> bareLayers(const Arguments& arguments)
{
    SweepCell cell;
    cell.width = static_cast<int>(arguments.integer("--width", 256, 1, widest));
    cell.layers = static_cast<int>(arguments.integer("--layers", 1, 1, 1024));
    const auto heads = static_cast<int>(arguments.integer("--heads", 4, 1, widest));
    std::vector<SweepCell> cells;
    for (const std::string& compute :
        arguments.choices("--compute", { "lstm", "attention", "attention-causal" })) {
        const bool lstm = compute == "lstm";
        cell.compute = lstm          ? SweepCell::Compute::Lstm
            : compute == "attention" ? SweepCell::Compute::Attention
                                     : SweepCell::Compute::AttentionCausal;
        cell.heads = lstm ? 0 : heads;
        if (!lstm && cell.width % heads != 0) {
            throw UsageError("--heads " + std::to_string(heads) + " does not divide --width "
                + std::to_string(cell.width));
        }
        cells.push_back(cell);
    }
    return cells;
}

std::vector<SweepCell> wholeModels(const Arguments& arguments)
{
    for (const char* const option : { "--width", "--heads", "--layers" }) {
        if (arguments.has(option))
            throw UsageError(std::string(option) + " belongs to --compute: a model has its own");
    }
    const std::string text = chosenText(arguments, firstText);
    std::vector<SweepCell> cells;
    for (const ModelPointer& model : chosenModels(arguments)) {
        SweepCell cell;
        cell.model = model;
        cell.width = model->shape.width;
        cell.heads = model->shape.heads;
        cell.layers = model->shape.layers;
        for (const Token& token : Tokenizer(model->vocabulary).encode(text))
            cell.text.push_back(token.id);
        if (cell.text.empty())
            throw UsageError("the text is empty: there is nothing to repeat to the length");
        cells.push_back(std::move(cell));
    }
    return cells;
}

std::vector<SweepCell> computesOrModels(const Arguments& arguments)
{
    if (arguments.has("--compute") == arguments.has("--model"))
        throw UsageError("either --compute or --model must say what is timed");
    return arguments.has("--compute") ? bareLayers(arguments) : wholeModels(arguments);
}

ModelKind kindOf(const SweepCell& cell)
{
    if (cell.model)
        return cell.model->shape.kind;
    return cell.compute == SweepCell::Compute::Lstm ? ModelKind::Lstm : ModelKind::Attention;
}

} // namespace

std::vector<Option> cellOptions()
{
    return {
        { "--compute", "lstm|attention|attention-causal", "bare layers of --width",
            Option::Takes::Values },
        { "--model", "NAME|DIR", "a whole model instead, from embedding to last hidden state",
            Option::Takes::Values },
        { "--text", "TEXT", "what a model reads, repeated to the length" },
        { "--text-file", "FILE", "file that holds that text" },
        { "--pass", "inference|training|generation",
            "reading, forward and back again, or writing one token more (default: inference)" },
        { "--lengths", "T,T…", "steps; generation: tokens already there, 0 too (default: 128)" },
        { "--batches", "B,B…", "rows (default: 32)" },
        { "--width", "N", "hidden units or model width, input of the same width (default: 256)" },
        { "--heads", "A", "heads of attention (default: 4)" },
        { "--layers", "L", "layers (default: 1)" },
        { "--threads", "P,P…", "threads (default: the cores of this machine)" },
        { "--strategy", "NAME",
            "auto, sequential, sub-batch, hidden-split and layer-wavefront (LSTM), head and "
            "query-block (attention, not in training)" },
        { "--sub-batches", "auto|S",
            "parts the rows are cut into, at most as many as rows (auto: as many as threads)" },
    };
}

std::vector<SweepCell> chosenCells(const Arguments& arguments)
{
    const SweepCell::Pass pass = chosenPass(arguments);
    const bool generation = pass == SweepCell::Pass::Generation;
    const std::vector<int> lengths
        = arguments.integers("--lengths", { 128 }, generation ? 0 : 1, longest);
    const std::vector<int> batches = arguments.integers("--batches", { 32 }, 1, longest);
    const std::vector<int> threads = arguments.integers("--threads", { processorCores() }, 1, 1024);
    const Strategy strategy = chosenStrategy(arguments);
    const int subBatches = chosenSubBatches(arguments);
    std::vector<SweepCell> cells;
    for (SweepCell cell : computesOrModels(arguments)) {
        if (!suits(strategy, kindOf(cell))) {
            throw UsageError("--strategy " + std::string(strategyName(strategy)) + " does not suit "
                + std::string(kindName(kindOf(cell))));
        }
        if (generation && strategy == Strategy::LayerWavefront) {
            throw UsageError("--strategy layer-wavefront overlaps steps, and --pass generation "
                             "computes one: sequential, sub-batch and hidden-split cut it");
        }
        refuseUntrainable(pass, strategy);
        cell.pass = pass;
        cell.strategy = strategy;
        for (const int length : lengths) {
            for (const int batch : batches) {
                for (const int count : threads) {
                    cell.length = length;
                    cell.batch = batch;
                    cell.threads = count;
                    cell.subBatches = subBatches;
                    cells.push_back(cell);
                }
            }
        }
    }
    return cells;
}

} // namespace timestep
