// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/gradient_check_text.h"
#include "app/interruption.h"
#include "app/model_arguments.h"
#include "app/output_file.h"
#include "app/train_arguments.h"
#include "app/training_log.h"
#include "app/training_progress.h"
#include "engine/execution/memory_budget.h"
#include "engine/measurement/trace_text.h"
#include "engine/model/model_folder.h"
#include "engine/training/checkpoint.h"
#include "engine/training/evaluation.h"
#include "engine/training/gradient_check.h"
#include "engine/training/training_material.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <optional>

namespace timestep {

namespace {

namespace fs = std::filesystem;

/// Steps between two whose spans are kept, to tell what consolidating took. Of copies that are
/// averaged now and then, every step is.
constexpr std::int64_t traceEvery = 10;

/// What writeWholeFile leaves of a file when the process is killed in the middle of it.
void removeUnfinished(const fs::path& folder)
{
    std::error_code unknown;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, unknown))
        if (entry.path().extension().string().starts_with(".part"))
            fs::remove(entry.path(), unknown);
}

/// A training and the folder it is kept in.
class TrainingRun
{
public:
    TrainingRun(const Arguments& arguments, const std::stop_token& stop)
        : m_arguments(arguments)
        , m_stop(stop)
        , m_folder(arguments.text(arguments.has("--resume") ? "--resume" : "-o"))
        , m_format(arguments.choice("--save-as", "f32", { "f32", "f16" }) == "f16"
                  ? NumberFormat::F16
                  : NumberFormat::F32)
    {
        if (arguments.has("--resume"))
            resume();
        else
            begin();
    }

    void run();

private:
    void begin();
    void resume();
    void makeTrainer(ModelPointer beginning);
    void tellGradientCheck() const;
    void takeSteps(TrainingLog* log, TrainingProgress& progress);
    std::optional<double> heldOutLoss(std::int64_t step);
    void save();
    std::int64_t stepsInAll() const { return m_settings.trainer.learningRate.steps; }
    std::int64_t tokensOfStep() const
    {
        return std::int64_t { m_settings.trainer.rows } * m_settings.trainer.steps;
    }

    const Arguments& m_arguments;
    const std::stop_token m_stop;
    const fs::path m_folder;
    const NumberFormat m_format; // of the model; the checkpoint keeps every bit
    TrainingSettings m_settings;
    BatchSource m_batches;
    BatchSource m_heldOut;
    std::uint64_t m_heldOutBatches = 0;
    std::optional<Trainer> m_trainer;
    Trace m_lastTrace; // of the last step, if it was traced
    std::int64_t m_savedAt = -1; // steps done when it was saved last
};

void TrainingRun::begin()
{
    ModelPointer beginning;
    if (m_arguments.has("--begin-with"))
        beginning = withChosenWindow(
            m_arguments, namedModels({ m_arguments.text("--begin-with") }, m_arguments).front());
    m_settings = chosenTraining(m_arguments, beginning.get());
    std::error_code unknown;
    if (fs::exists(checkpointFile(m_folder), unknown))
        throw Error(
            m_folder.string() + " holds a training already; --resume it, or name another folder");
    for (const char* name : { "config.json", "model.safetensors", "vocab.json", "merges.txt" })
        if (fs::exists(m_folder / name, unknown))
            throw Error((m_folder / name).string() + " is there already; name another folder");
    makeTrainer(std::move(beginning));
}

void TrainingRun::resume()
{
    Checkpoint checkpoint = readCheckpoint(m_folder);
    m_settings = resumedTraining(m_arguments,
        parseTrainingSettings(checkpoint.settings, checkpointFile(m_folder).string()),
        checkpoint.state.optimizer.steps);
    removeUnfinished(m_folder);
    makeTrainer(nullptr);
    m_trainer->restore(std::move(checkpoint.state));
    save(); // a folder that cannot be written is told now
}

void TrainingRun::makeTrainer(ModelPointer beginning)
{
    std::optional<TrainingMaterial> material = prepareTraining(
        m_settings, chosenMemoryBudget(m_arguments), m_stop, std::move(beginning));
    if (!material)
        throw Interrupted();
    m_heldOut = std::move(material->heldOut);
    m_heldOutBatches = material->heldOutBatches;
    refuseBeyondBudget("this training",
        Trainer::bytesNeeded(*material->initial, m_settings.trainer),
        chosenMemoryBudget(m_arguments));
    m_batches = material->batches;
    m_trainer.emplace(
        material->initial, m_batches, m_settings.trainer, kernelsNamed(m_settings.kernel));
}

/// Of the first batch and the weights that the training goes on from.
void TrainingRun::tellGradientCheck() const
{
    TrainerSettings settings = m_settings.trainer;
    settings.averageEvery = 0;
    const std::optional<GradientCheck> check = checkGradients(
        m_trainer->model(), m_batches(0), settings, kernelsNamed(m_settings.kernel), m_stop);
    if (check)
        OutputFile("-").commit(gradientCheckText(*check, settings));
}

void TrainingRun::run()
{
    if (m_arguments.has("--check"))
        tellGradientCheck();
    std::optional<OutputFile> chrome;
    if (m_arguments.has("--chrome"))
        chrome.emplace(m_arguments.text("--chrome"));
    std::optional<TrainingLog> log;
    if (m_arguments.has("--log"))
        log.emplace(m_arguments.text("--log"), m_trainer->stepsDone());
    TrainingProgress progress(stepsInAll(), m_trainer->stepsDone(), tokensOfStep());
    try {
        takeSteps(log ? &*log : nullptr, progress);
        save();
    } catch (const Error& error) { // what was learned is kept
        progress.finish();
        save();
        throw Error(std::string(error.what()) + "; "
            + (m_savedAt < 0
                    ? "no step was kept"
                    : "step " + std::to_string(m_savedAt) + " is kept in " + m_folder.string()));
    }
    progress.finish();
    if (chrome)
        chrome->commit(traceChrome(m_trainer->plan(), m_lastTrace));
    if (m_stop.stop_requested() && m_trainer->stepsDone() < stepsInAll())
        throw Interrupted("interrupted after step " + std::to_string(m_trainer->stepsDone())
            + " of " + std::to_string(stepsInAll()) + ", which is kept: timestep train --resume "
            + m_folder.string());
    std::cerr << progress.summary() << (m_heldOut ? "" : ", nothing was held out") << "; model in "
              << m_folder.string() << '\n';
}

void TrainingRun::takeSteps(TrainingLog* log, TrainingProgress& progress)
{
    const double untilLoss = m_arguments.number("--until-loss", 0, 0, 1e9);
    const std::int64_t saveEvery = m_arguments.integer("--save-every", 500, 1, 1LL << 40);
    while (m_trainer->stepsDone() < stepsInAll()) {
        m_lastTrace = {};
        const bool traced = m_arguments.has("--chrome") || m_settings.trainer.averageEvery > 0
            || m_trainer->stepsDone() % traceEvery == traceEvery - 1;
        const std::optional<TrainingStep> step
            = m_trainer->step(m_stop, traced ? &m_lastTrace : nullptr);
        if (!step)
            return;
        const std::optional<double> heldOut = heldOutLoss(step->number);
        if (log != nullptr)
            log->add(*step, tokensOfStep(), heldOut);
        progress.show(*step, heldOut);
        if (step->number % saveEvery == 0)
            save();
        if (progress.meanLoss() && *progress.meanLoss() <= untilLoss)
            return;
    }
}

/// After every so many steps and the last; where something is held out.
std::optional<double> TrainingRun::heldOutLoss(std::int64_t step)
{
    const std::int64_t every = m_arguments.integer("--judge-every", 100, 1, 1LL << 40);
    if (!m_heldOut || (step % every != 0 && step != stepsInAll()))
        return std::nullopt;
    const PackedModel model(
        std::make_shared<const Model>(m_trainer->model()), kernelsNamed(m_settings.kernel));
    // What is held out may be shorter than a row.
    const TrainingBatch first = m_heldOut(0);
    Evaluator evaluator(model, first.rows, first.steps, m_settings.trainer.threads);
    Score score;
    for (std::uint64_t batch = 0; batch < m_heldOutBatches; ++batch) {
        const auto judged = evaluator.run(m_heldOut(batch), m_stop);
        if (!judged)
            return std::nullopt;
        for (const Judgement& judgement : *judged)
            score.add(judgement);
    }
    return score.meanLoss();
}

/// A step may end with finite gradients and weights that are none: it does not take the place of
/// one that was good. The checkpoint comes first: it has room for all that the model may not have.
void TrainingRun::save()
{
    if (m_trainer->stepsDone() == m_savedAt)
        return;
    TrainerState state = m_trainer->state();
    if (!std::ranges::all_of(state.parameters, [](float value) { return std::isfinite(value); }))
        return;
    const UninterruptedWork untilWritten;
    Model model = m_trainer->model();
    model.name = m_folder.filename().string();
    writeCheckpoint({ std::move(state), formatTrainingSettings(m_settings) }, m_folder);
    m_savedAt = m_trainer->stepsDone();
    saveModel(model, m_folder, m_format);
}

int train(const Arguments& arguments, std::stop_token stop)
{
    if (arguments.has("-o") == arguments.has("--resume"))
        throw UsageError("either -o DIR, to begin, or --resume DIR, to go on, is needed");
    TrainingRun(arguments, stop).run();
    return 0;
}

std::vector<Option> trainOptions()
{
    std::vector<Option> options = trainingOptions();
    options.push_back({ "--log", "FILE|-", "a line of CSV for each step" });
    options.push_back({ "--save-every", "N", "steps between checkpoints (default: 500)" });
    options.push_back(
        { "--judge-every", "N", "steps between losses of what is held out (default: 100)" });
    options.push_back({ "--until-loss", "X", "end once the mean loss of 20 steps is X or less" });
    options.push_back({ "--check", "",
        "first, the gradients of the first batch computed in other ways", Option::Takes::Nothing });
    options.push_back({ "--save-as", "f32|f16",
        "numbers of model.safetensors; the checkpoint always has f32 (default: f32)" });
    options.push_back({ "--chrome", "FILE", "write the spans of the last step, as trace does" });
    options.push_back({ "-o", "DIR", "folder for the model and its checkpoint" });
    options.push_back({ "--resume", "DIR", "go on with the training that this folder holds" });
    return options;
}

constexpr const char* trainNotes
    = "DIR becomes a model folder (config.json, model.safetensors, vocab.json, merges.txt: what\n"
      "PyTorch and Hugging Face read) with training.safetensors beside it: the parameters, both\n"
      "moments of AdamW, the steps done and the settings, from which --resume goes on with the "
      "same\n"
      "bits as if nothing had happened, whatever the number of threads. Each file appears whole "
      "or\n"
      "not at all. They are written every --save-every steps, at the end, after Ctrl-C (the last\n"
      "step is kept), and where a gradient is no finite number (the step is not taken).\n"
      "--save-as f16 halves the model: each number is rounded to the nearest of half precision.\n"
      "\n"
      "A step: forward, loss, backward, the sum over the sub-batches, clipping, AdamW. Its "
      "numbers\n"
      "depend on the sub-batches there are and on no thread. The learning rate rises to its peak\n"
      "and falls as half a cosine to a tenth of it.\n"
      "\n"
      "--dropout P drops a share P of numbers in training, never in judging or predicting, and "
      "scales\n"
      "the others by 1 / (1 - P). LSTM: of the embedding, of the hidden states between layers and\n"
      "of the last ones, not of what a layer hands to its own next step. Attention: of embedding "
      "+\n"
      "position, of what the projection and of what the contraction add to the residual stream, "
      "not\n"
      "of affinities. Which numbers follows from seed, step, row, position and unit: threads and\n"
      "sub-batches do not change it.\n"
      "\n"
      "text: rows of T + 1 tokens of the corpus, epoch after epoch in a new order; every target "
      "counts.\n"
      "recall: prompts like 'q3=7 a9=1 q3=', to be answered '7'; the answer alone counts. On\n"
      "answers alone attention hardly finds a beginning: first --count all with many --questions,\n"
      "then --keys one-letter, then --begin-with that model and answers.\n"
      "\n"
      "--start mimetic begins with queries that equal their keys, so that a token looks at tokens\n"
      "like it and at its neighbours, and with sinusoids in the table of positions (Trockman and\n"
      "Kolter, 2023). Four layers of width 64 then found recall of a letter in 300 steps of 64\n"
      "prompts, and from a random start not in 2,000.\n"
      "\n"
      "--begin-with takes over the sizes and the weights of a model; its optimiser begins anew.\n"
      "Attention may look less far back, or farther, than the model did: --attention-window.\n"
      "\n"
      "CSV columns: "
      "step,loss,gradient_norm,learning_rate,tokens,seconds,tokens_per_s,held_out_loss,\n"
      "bytes_moved,consolidation_share,copies_apart,copy_losses\n"
      "  loss           mean of -log p(target) over the step's batch, before the update, in nats\n"
      "  gradient_norm  before clipping\n"
      "  held_out_loss  of up to 8 batches that are not trained on, after the update; every\n"
      "                 --judge-every steps and at the end\n"
      "  bytes_moved    what a worker reads or writes only because others have a part in the "
      "step:\n"
      "                 sums of gradients, means of copies, hidden states and gates of other\n"
      "                 slices or layers; computed from the plan\n"
      "  consolidation_share  of the workers' time: sums and means; with hidden-split and\n"
      "                 layer-wavefront, waiting for each other. Every tenth step,\n"
      "                 with averaged copies every step\n"
      "  copies_apart   largest distance of a copy from their mean, relative to the mean's "
      "length,\n"
      "                 where the step averaged\n"
      "  copy_losses    of averaged copies, each on its own rows, parted by semicolons";

} // namespace

Command trainCommand()
{
    return { .name = "train",
        .purpose = "Trains an LSTM or attention on a text or on the recall task",
        .options = trainOptions(),
        .notes = trainNotes,
        .run = train };
}

} // namespace timestep
