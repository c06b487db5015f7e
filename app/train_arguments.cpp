// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/train_arguments.h"

#include "app/arguments.h"
#include "app/everywhere.h"
#include "engine/measurement/machine.h"

#include <algorithm>
#include <filesystem>
#include <limits>

namespace timestep {

namespace {

constexpr int widest = 1 << 14;
constexpr int longest = 1 << 16;
constexpr double mostDropped = 0.99; // what is left is scaled a hundredfold
constexpr std::int64_t mostSteps = std::int64_t { 1 } << 40;

int intOption(const Arguments& arguments, std::string_view name, int fallback, int least, int most)
{
    return static_cast<int>(arguments.integer(name, fallback, least, most));
}

/// What a recall task needs little of, a language much.
struct Defaults
{
    int layers, width;
};

Defaults defaultsFor(TrainingTask task, ModelKind kind)
{
    if (task == TrainingTask::Recall)
        return kind == ModelKind::Lstm ? Defaults { 1, 128 } : Defaults { 2, 96 };
    return kind == ModelKind::Lstm ? Defaults { 2, 256 } : Defaults { 4, 160 };
}

constexpr const char* sizeOptions[] = { "--compute", "--layers", "--width", "--embedding",
    "--heads", "--positions", "--start", "--context", "--untied" };

/// The sizes are those of the model that the training begins with.
void takeModel(const Arguments& arguments, const Model& trained, TrainingSettings& settings)
{
    for (const char* const option : sizeOptions)
        if (arguments.has(option))
            throw UsageError(
                std::string(option) + " is settled by the model that --begin-with names");
    settings.model = trained.shape;
}

void chooseModel(const Arguments& arguments, TrainingSettings& settings)
{
    ModelShape& shape = settings.model;
    shape.kind = arguments.choice("--compute", "", { "lstm", "attention" }) == "lstm"
        ? ModelKind::Lstm
        : ModelKind::Attention;
    const bool lstm = shape.kind == ModelKind::Lstm;
    const Defaults defaults = defaultsFor(settings.task, shape.kind);
    shape.layers = intOption(arguments, "--layers", defaults.layers, 1, 1024);
    shape.width = intOption(arguments, "--width", defaults.width, 1, widest);
    shape.tied = !arguments.has("--untied");
    for (const auto* option :
        { "--heads", "--positions", "--start", "--context", "--attention-window" })
        if (lstm && arguments.has(option))
            throw UsageError(std::string(option) + " belongs to attention; an LSTM has none");
    if (!lstm && arguments.has("--embedding"))
        throw UsageError("--embedding belongs to an LSTM; attention's embedding is as wide as it");
    shape.embedding = intOption(arguments, "--embedding", shape.width, 1, widest);
    if (shape.embedding != shape.width && shape.tied)
        throw UsageError("--embedding " + std::to_string(shape.embedding) + " is not --width "
            + std::to_string(shape.width) + ": such a model needs a head of its own, --untied");
    if (lstm)
        return;
    shape.heads = intOption(arguments, "--heads", suitableHeads(shape.width), 1, widest);
    if (shape.width % shape.heads != 0)
        throw UsageError("--width " + std::to_string(shape.width) + " cannot be split into "
            + std::to_string(shape.heads) + " heads of equal width");
    settings.positions
        = arguments.choice("--positions", "learned", { "learned", "sinusoids" }) == "learned"
        ? Positions::Learned
        : Positions::Sinusoids;
    settings.start = arguments.choice("--start", "random", { "random", "mimetic" }) == "random"
        ? Start::Random
        : Start::Mimetic;
    shape.context = intOption(arguments, "--context", 0, 1, longest);
    shape.attentionWindow = intOption(arguments, "--attention-window", 0, 1, longest);
}

void chooseTask(const Arguments& arguments, TrainingSettings& settings)
{
    const bool text = arguments.choice("--task", "text", { "text", "recall" }) == "text";
    settings.task = text ? TrainingTask::Text : TrainingTask::Recall;
    for (const std::string& place : arguments.texts("--corpus")) // to be found from anywhere
        settings.corpus.push_back(std::filesystem::absolute(place).lexically_normal().string());
    if (text && settings.corpus.empty())
        throw UsageError("--task text needs --corpus: files or folders to train on");
    for (const auto* option : { "--corpus", "--vocabulary", "--held-out", "--length" })
        if (!text && arguments.has(option))
            throw UsageError(std::string(option) + " belongs to --task text");
    for (const auto* option : { "--min-pairs", "--max-pairs", "--keys", "--questions", "--count" })
        if (text && arguments.has(option))
            throw UsageError(std::string(option) + " belongs to --task recall");
    settings.vocabulary = arguments.text("--vocabulary");
    settings.heldOutOneIn = intOption(arguments, "--held-out", 20, 0, 1 << 20);
    settings.recall.minPairs = intOption(arguments, "--min-pairs", 1, 1, 32);
    settings.recall.maxPairs = intOption(arguments, "--max-pairs", 8, 1, 32);
    settings.recall.keys = arguments.choice("--keys", "any", { "any", "one-letter" }) == "any"
        ? RecallKeys::Any
        : RecallKeys::OneLetter;
    settings.recall.targets
        = arguments.choice("--count", "answers", { "answers", "all" }) == "answers"
        ? RecallTargets::Answers
        : RecallTargets::AllTokens;
    settings.recall.questions = intOption(arguments, "--questions", 1, 1, 1024);
    if (settings.recall.minPairs > settings.recall.maxPairs)
        throw UsageError("--min-pairs is more than --max-pairs");
    if (settings.recall.maxPairs > keyCount(settings.recall.keys))
        throw UsageError("--keys one-letter has " + std::to_string(keyCount(RecallKeys::OneLetter))
            + " keys for a prompt, fewer than --max-pairs "
            + std::to_string(settings.recall.maxPairs));
}

void chooseTrainer(const Arguments& arguments, TrainerSettings& trainer)
{
    trainer.rows = intOption(arguments, "--batch", 32, 1, 1 << 16);
    trainer.steps = intOption(arguments, "--length", 128, 1, longest);
    trainer.threads = intOption(arguments, "--threads", processorCores(), 1, 1024);
    trainer.subBatches = arguments.text("--sub-batches", "auto") == "auto"
        ? std::min(trainer.threads, trainer.rows)
        : intOption(arguments, "--sub-batches", 1, 1, trainer.rows);
    trainer.strategy = *strategyFromName(arguments.choice("--strategy", "sub-batch",
        { "sequential", "sub-batch", "hidden-split", "layer-wavefront" }));
    trainer.averageEvery = intOption(arguments, "--average-every", 0, 1, 1 << 30);
    if (trainer.averageEvery > 0 && trainer.strategy != Strategy::SubBatch)
        throw UsageError("--average-every has copies with whole rows: --strategy sub-batch");
    if (trainer.averageEvery > 0 && trainer.subBatches == 1)
        throw UsageError("--average-every averages the copies of 2 --sub-batches or more");
    trainer.optimizer.weightDecay = arguments.number("--weight-decay", 0.01, 0, 10);
    trainer.learningRate.peak = arguments.number("--learning-rate", 2e-3, 1e-12, 100);
    trainer.learningRate.steps = arguments.integer("--steps", 1000, 1, mostSteps);
    trainer.learningRate.warmUpSteps = arguments.integer("--warm-up",
        std::min<std::int64_t>(100, trainer.learningRate.steps / 10), 0,
        trainer.learningRate.steps);
    trainer.largestNorm = arguments.number("--clip", 1, 0, 1e9);
    trainer.dropout = arguments.number("--dropout", 0, 0, mostDropped);
}

} // namespace

std::vector<Option> trainingOptions()
{
    return {
        { "--task", "text|recall", "what is learned (default: text)" },
        { "--compute", "lstm|attention", "the kind of model" },
        { "--corpus", "FILE|DIR", "text to train on, or a folder of .txt files",
            Option::Takes::Values },
        { "--vocabulary", "DIR", "folder of vocab.json and merges.txt (default: the bundled one)" },
        { "--held-out", "N", "keep one document in N from training; 0: none (default: 20)" },
        { "--min-pairs", "N", "recall: fewest pairs of a prompt (default: 1)" },
        { "--max-pairs", "N", "recall: most pairs of a prompt, up to 32 (default: 8)" },
        { "--begin-with", "NAME|DIR", "weights and sizes of a model instead of new ones" },
        { "--keys", "any|one-letter",
            "recall: one-letter: the keys of a prompt share their letter" },
        { "--questions", "N", "recall: keys asked for one after the other (default: 1)" },
        { "--count", "answers|all", "recall: tokens that the loss counts (default: answers)" },
        { "--layers", "N", "layers (default: text 2 of an LSTM, 4 of attention; recall 1, 2)" },
        { "--width", "N", "hidden units or model width (default: text 256, 160; recall 128, 96)" },
        { "--embedding", "N", "LSTM: width of the embedding, with --untied (default: --width)" },
        { "--heads", "N", "attention heads (default: of 32 columns)" },
        { "--positions", "learned|sinusoids", "attention's positions (default: learned)" },
        { "--start", "random|mimetic", "attention: queries begin as their keys (default: random)" },
        { "--context", "N", "longest text attention will read (default: --length)" },
        { "--attention-window", "W", "attention looks at the last W tokens only (default: all)" },
        { "--untied", "", "a head of its own instead of the embedding", Option::Takes::Nothing },
        { "--length", "T", "text: tokens of a row (default: 128)" },
        { "--batch", "B", "rows of a step (default: 32)" },
        { "--steps", "N", "training steps in all (default: 1000)" },
        { "--learning-rate", "X", "at its peak (default: 0.002)" },
        { "--warm-up", "N", "steps to the peak; then half a cosine down to a tenth" },
        { "--weight-decay", "X", "of AdamW, on matrices (default: 0.01)" },
        { "--clip", "X", "longest gradient, 0: any length (default: 1)" },
        { "--dropout", "P", "share of numbers dropped in training (default: 0)" },
        { "--threads", "P", "threads (default: the cores there are)" },
        { "--sub-batches", "S|auto", "parts of the batch (default: one a thread)" },
        { "--average-every", "K", "each sub-batch trains a copy, averaged every K steps" },
        { "--strategy", "NAME", "sequential, sub-batch; LSTM: hidden-split, layer-wavefront" },
    };
}

ModelPointer withChosenWindow(const Arguments& arguments, ModelPointer trained)
{
    if (!arguments.has("--attention-window"))
        return trained;
    if (trained->shape.kind == ModelKind::Lstm)
        throw UsageError("--attention-window belongs to attention; an LSTM has none");
    Model model = *trained;
    model.shape.attentionWindow = intOption(arguments, "--attention-window", 0, 1, longest);
    return std::make_shared<const Model>(std::move(model));
}

TrainingSettings chosenTraining(const Arguments& arguments, const Model* trained)
{
    if (trained == nullptr && !arguments.has("--compute"))
        throw UsageError("--compute is needed: lstm or attention");
    TrainingSettings settings;
    chooseTask(arguments, settings);
    if (trained != nullptr)
        takeModel(arguments, *trained, settings);
    else
        chooseModel(arguments, settings);
    chooseTrainer(arguments, settings.trainer);
    if (settings.model.kind == ModelKind::Attention
        && settings.trainer.strategy != Strategy::Sequential
        && settings.trainer.strategy != Strategy::SubBatch)
        throw UsageError("--strategy " + std::string(strategyName(settings.trainer.strategy))
            + " splits an LSTM; attention trains by sub-batch or sequential");
    settings.trainer.seed = chosenSeed(arguments);
    settings.kernel = chosenKernels(arguments).name;
    return settings;
}

TrainingSettings resumedTraining(
    const Arguments& arguments, TrainingSettings settings, std::int64_t stepsDone)
{
    const auto refuse = [&arguments](const std::string& option) {
        if (arguments.has(option))
            throw UsageError(option + " is settled by the training that goes on");
    };
    for (const Option& option : trainingOptions())
        if (option.name != "--threads" && option.name != "--steps")
            refuse(option.name);
    refuse("--seed");
    refuse("--kernel");
    settings.trainer.threads = intOption(arguments, "--threads", settings.trainer.threads, 1, 1024);
    LearningRateSettings& rate = settings.trainer.learningRate;
    rate.steps = arguments.integer("--steps", rate.steps,
        std::max({ stepsDone, rate.warmUpSteps, std::int64_t { 1 } }), mostSteps);
    return settings;
}

} // namespace timestep
