// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/evaluation_report.h"
#include "app/everywhere.h"
#include "app/interruption.h"
#include "app/machine.h"
#include "app/model_arguments.h"
#include "app/output_file.h"
#include "engine/error.h"
#include "engine/execution/memory_budget.h"
#include "engine/text/corpus_file.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <optional>
#include <unistd.h>

namespace timestep {

namespace {

constexpr int longest = 1 << 20;
constexpr int mostPairs = 32;
constexpr int lengthWithoutContext = 256;
constexpr int longestByDefault = 1024; // beyond it attention's time grows faster than what it tells

/// One call of the command: what is common to the tasks.
struct Evaluation
{
    const Arguments& arguments;
    std::stop_token stop;
    const Kernels& kernels;
    std::vector<ModelPointer> models;
    int rows; // B, at most
    int threads;
    std::size_t memoryBudget;

    std::unique_ptr<Evaluator> evaluator(
        const PackedModel& packed, std::size_t texts, int steps) const
    {
        const int used = static_cast<int>(std::min<std::size_t>(texts, rows));
        refuseBeyondBudget("judging model \"" + packed.model()->name + "\" on "
                + std::to_string(used) + " x " + std::to_string(steps) + " tokens",
            Evaluator::bytesNeeded(packed, used, steps, threads), memoryBudget);
        return std::make_unique<Evaluator>(packed, used, steps, threads);
    }
};

/// A line on the terminal that is written over, for a person who waits.
class Progress
{
public:
    Progress(std::string model, const char* things)
        : m_model(std::move(model))
        , m_things(things)
        , m_watched(isatty(STDERR_FILENO) == 1)
    {
    }
    ~Progress()
    {
        if (m_watched)
            std::cerr << '\n';
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    EvaluationProgress shown() const
    {
        return [this](std::int64_t done, std::int64_t all) {
            if (m_watched)
                std::cerr << "\r" << m_model << ": " << done << " of " << all << ' ' << m_things
                          << " done " << std::flush;
        };
    }

private:
    const std::string m_model;
    const char* const m_things;
    const bool m_watched;
};

void refuseUnlessFinite(const Model& model, const Score& score)
{
    if (!std::isfinite(score.loss))
        throw Error("the loss of model \"" + model.name
            + "\" is not a finite number; its weights are damaged or far too large: evaluate "
              "another model");
}

/// Texts are split into tokens once for models of one vocabulary.
class Corpus
{
public:
    explicit Corpus(const std::vector<std::string>& paths)
    {
        for (const std::string& path : paths) {
            std::vector<std::string> more = readCorpus(path);
            m_texts.insert(m_texts.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
        }
        if (m_texts.empty())
            throw Error("the corpus holds no text; name a file that does");
    }

    std::size_t documents() const { return m_texts.size(); }

    std::shared_ptr<const TokenDocuments> tokens(
        const std::shared_ptr<const Vocabulary>& vocabulary, const std::stop_token& stop)
    {
        if (m_vocabulary == nullptr || !(*m_vocabulary == *vocabulary)) {
            const std::optional<TextCorpus> corpus
                = tokenizedCorpus(m_texts, Tokenizer(vocabulary), 0, stop);
            if (!corpus)
                throw Interrupted();
            m_tokens = corpus->training; // nothing of it is held out from the judging
            m_vocabulary = vocabulary;
        }
        return m_tokens;
    }

private:
    std::vector<std::string> m_texts;
    std::shared_ptr<const Vocabulary> m_vocabulary; // of m_tokens
    std::shared_ptr<const TokenDocuments> m_tokens;
};

/// One for all models: losses at different lengths cannot be compared.
int defaultLength(const std::vector<ModelPointer>& models)
{
    int shortest = 0;
    for (const ModelPointer& model : models) {
        const int context = model->shape.context;
        if (context > 0 && (shortest == 0 || context < shortest))
            shortest = context;
    }
    return shortest == 0 ? lengthWithoutContext : std::min(shortest, longestByDefault);
}

TextReport evaluateTexts(const Evaluation& evaluation)
{
    const Arguments& arguments = evaluation.arguments;
    TextReport report;
    report.corpus = arguments.texts("--corpus");
    report.kernel = evaluation.kernels.name;
    Corpus corpus(report.corpus);
    report.documents = corpus.documents();
    const auto length = static_cast<int>(
        arguments.integer("--length", defaultLength(evaluation.models), 1, longest));
    for (const ModelPointer& model : evaluation.models) {
        const OrderedWindows windows(corpus.tokens(model->vocabulary, evaluation.stop), length);
        const PackedModel packed(model, evaluation.kernels);
        const auto evaluator = evaluation.evaluator(packed, windows.windows(), windows.steps());
        const Progress progress(model->name, "tokens");
        const std::optional<TextScore> score = evaluateText(
            *evaluator, windows, *model->vocabulary, evaluation.stop, progress.shown());
        if (!score)
            throw Interrupted();
        refuseUnlessFinite(*model, score->tokens);
        report.lines.push_back({ model, windows.steps(), windows.windows(), *score });
    }
    return report;
}

/// A prompt longer than the context would have to be cut.
void refuseBeyondContext(const Model& model, const RecallTask& task, const RecallSettings& settings)
{
    const int context = model.shape.context;
    if (context > 0 && task.steps() > context)
        throw Error("model \"" + model.name + "\" reads up to " + std::to_string(context)
            + " tokens, and a prompt of " + std::to_string(settings.maxPairs) + " pairs has "
            + std::to_string(task.steps()) + "; give fewer --max-pairs");
}

RecallReport evaluateRecalls(const Evaluation& evaluation)
{
    const Arguments& arguments = evaluation.arguments;
    RecallReport report;
    const auto pairs = [&](const char* option, int fallback) {
        return static_cast<int>(arguments.integer(option, fallback, 1, mostPairs));
    };
    report.task = { pairs("--min-pairs", 1), pairs("--max-pairs", 8) };
    if (report.task.minPairs > report.task.maxPairs)
        throw UsageError("--min-pairs is more than --max-pairs");
    report.seed = chosenSeed(arguments);
    report.kernel = evaluation.kernels.name;
    const RecallTask task(report.task, report.seed);
    const std::int64_t prompts = arguments.integer("--prompts", 2000, 1, 1LL << 40);
    for (const ModelPointer& model : evaluation.models) {
        refuseUnlessRecallModel(*model);
        refuseBeyondContext(*model, task, report.task);
        const PackedModel packed(model, evaluation.kernels);
        const auto evaluator
            = evaluation.evaluator(packed, static_cast<std::size_t>(prompts), task.steps());
        const Progress progress(model->name, "prompts");
        std::optional<RecallScore> score
            = evaluateRecall(*evaluator, task, prompts, evaluation.stop, progress.shown());
        if (!score)
            throw Interrupted();
        refuseUnlessFinite(*model, score->all);
        report.lines.push_back({ model, std::move(*score) });
    }
    return report;
}

template <typename Report>
void put(const Report& report, std::optional<OutputFile>& json)
{
    if (json)
        writeReport(*json, report);
    else
        OutputFile("-").commit(reportText(report));
}

/// Whether the task is recall.
bool chosenTask(const Arguments& arguments)
{
    const bool recall = arguments.choice("--task", "text", { "text", "recall" }) == "recall";
    if (!recall && !arguments.has("--corpus"))
        throw UsageError("no text: name files or folders with --corpus, or choose --task recall");
    const std::vector<const char*> ofOther = recall
        ? std::vector<const char*> { "--corpus", "--length" }
        : std::vector<const char*> { "--prompts", "--min-pairs", "--max-pairs" };
    for (const char* const option : ofOther) {
        if (arguments.has(option))
            throw UsageError(
                std::string(option) + " belongs to --task " + (recall ? "text" : "recall"));
    }
    return recall;
}

int evaluate(const Arguments& arguments, std::stop_token stop)
{
    if (arguments.operands().empty())
        throw UsageError("no model: give the name of one, or its folder");
    const bool recall = chosenTask(arguments);
    Evaluation evaluation { .arguments = arguments,
        .stop = std::move(stop),
        .kernels = chosenKernels(arguments),
        .models = {},
        .rows = static_cast<int>(arguments.integer("--batch", 32, 1, 1 << 16)),
        .threads = static_cast<int>(arguments.integer("--threads", processorCores(), 1, 1024)),
        .memoryBudget = chosenMemoryBudget(arguments) };
    std::optional<OutputFile> json;
    if (arguments.has("--json"))
        json.emplace(arguments.text("--json"));
    evaluation.models = namedModels(arguments.operands(), arguments);
    tellWarnings(evaluation.models, "timestep evaluate");
    if (recall)
        put(evaluateRecalls(evaluation), json);
    else
        put(evaluateTexts(evaluation), json);
    return 0;
}

constexpr const char* evaluateNotes
    = "Text: the documents are read one after the other, parted by the separator where the "
      "vocabulary has\n"
      "one, in windows of T tokens that each begin with nothing read. Every token but the very "
      "first is\n"
      "foretold once. Compare models at the same T, and where their vocabularies differ, by "
      "bits_per_byte.\n"
      "\n"
      "Recall: q3=7 a9=1 q3= asks for 7. Prompts are held out: no training on any seed meets them. "
      "Models\n"
      "must have the vocabulary of single bytes.\n"
      "\n"
      "JSON, text: task, corpus, documents, kernel, models [{name, kind, parameters, length, "
      "windows,\n"
      "  tokens: that were foretold, right: those that no other token was likelier than, "
      "share_right,\n"
      "  loss: nats a token, perplexity: e to the loss (absent where it is too large), bytes: of "
      "these tokens,\n"
      "  bits_per_byte, even_loss: of a guess that holds all tokens equally likely}].\n"
      "Recall: task, min_pairs, max_pairs, seed, kernel, models [{name, kind, parameters, prompts, "
      "right,\n"
      "  share_right, loss, by_pairs [{pairs, prompts, right, share_right, loss}],\n"
      "  by_distance [{distance: pairs between the one asked for and the question, …}]}].\n"
      "The numbers are the same for any number of threads.";

} // namespace

Command evaluateCommand()
{
    return { .name = "evaluate",
        .purpose = "Judges models by a text, or by how well they recall",
        .options = { { "--task", "text|recall", "what they are judged by (default: text)" },
            { "--corpus", "FILE|DIR", "text: what they foretell, or a folder of .txt files",
                Option::Takes::Values },
            { "--length", "T",
                "text: tokens of a window (default: the shortest context of the models, up to "
                "1024; 256 where none has one)" },
            { "--prompts", "N", "recall: how many (default: 2000)" },
            { "--min-pairs", "N", "recall: fewest pairs of a prompt (default: 1)" },
            { "--max-pairs", "N", "recall: most pairs of a prompt, up to 32 (default: 8)" },
            { "--batch", "B", "rows that are read together (default: 32)" },
            { "--threads", "P", "threads (default: the cores of this machine)" },
            { "--json", "FILE|-", "write the numbers instead of a table" } },
        .operand = "NAME|DIR…",
        .notes = evaluateNotes,
        .run = evaluate };
}

} // namespace timestep
