// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/evaluate_heads.h"
#include "app/evaluate_recall.h"
#include "app/evaluate_texts.h"
#include "app/everywhere.h"
#include "app/model_arguments.h"
#include "app/output_file.h"
#include "engine/measurement/machine.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace timestep {

namespace {

/// Where the numbers go, opened before the work.
struct Outputs
{
    std::optional<OutputFile> json, csv;

    explicit Outputs(const Arguments& arguments)
    {
        if (arguments.text("--csv") == "-" && arguments.text("--json") == "-")
            throw UsageError("--csv and --json cannot both go to standard output");
        if (arguments.has("--json"))
            json.emplace(arguments.text("--json"));
        if (arguments.has("--csv"))
            csv.emplace(arguments.text("--csv"));
    }
};

template <typename Report>
void put(const Report& report, Outputs& outputs)
{
    if (outputs.json)
        writeReport(*outputs.json, report);
    if constexpr (requires { reportCsv(report); }) {
        if (outputs.csv)
            outputs.csv->commit(reportCsv(report));
    }
    if (!outputs.json && !outputs.csv)
        OutputFile("-").commit(reportText(report));
}

enum class Task
{
    Text,
    Heads, // of what text is read with
    Recall
};

/// Throws UsageError where one of `options` is given, which belong elsewhere.
void refuse(
    const Arguments& arguments, const std::vector<const char*>& options, const char* belongTo)
{
    for (const char* const option : options)
        if (arguments.has(option))
            throw UsageError(std::string(option) + " belongs to " + belongTo);
}

Task chosenTask(const Arguments& arguments)
{
    if (arguments.choice("--task", "text", { "text", "recall" }) == "recall") {
        refuse(arguments, { "--corpus", "--length", "--heads", "--windows" }, "--task text");
        return Task::Recall;
    }
    if (!arguments.has("--corpus"))
        throw UsageError("no text: name files or folders with --corpus, or choose --task recall");
    refuse(arguments,
        { "--prompts", "--prompts-per-cell", "--min-pairs", "--max-pairs", "--pairs", "--csv" },
        "--task recall");
    if (arguments.has("--heads")) {
        refuse(arguments, { "--batch" }, "losses; --heads reads one window at a time");
        return Task::Heads;
    }
    refuse(arguments, { "--windows" }, "--heads");
    return Task::Text;
}

int evaluate(const Arguments& arguments, std::stop_token stop)
{
    if (arguments.operands().empty())
        throw UsageError("no model: give the name of one, or its folder");
    const Task task = chosenTask(arguments);
    EvaluationCall call { .arguments = arguments,
        .stop = std::move(stop),
        .kernels = chosenKernels(arguments),
        .models = {},
        .rows = static_cast<int>(arguments.integer("--batch", 32, 1, 1 << 16)),
        .threads = static_cast<int>(arguments.integer("--threads", processorCores(), 1, 1024)),
        .memoryBudget = chosenMemoryBudget(arguments) };
    Outputs outputs(arguments);
    call.models = namedModels(arguments.operands(), arguments);
    tellWarnings(call.models, "timestep evaluate");
    switch (task) {
    case Task::Text:
        put(evaluateTexts(call), outputs);
        break;
    case Task::Heads:
        put(evaluateHeads(call), outputs);
        break;
    case Task::Recall:
        put(evaluateRecalls(call), outputs);
        break;
    }
    return 0;
}

constexpr const char* evaluateNotes
    = "Text: each file is a source. Its documents are read one after the other, parted by the "
      "separator\n"
      "where the vocabulary has one, in windows of T tokens that each begin with nothing read. "
      "Every "
      "token\n"
      "of a source but the very first is foretold once; together is the sum of nats over all "
      "sources,\n"
      "divided by all their tokens or bytes. Compare models at the same T, and where their "
      "vocabularies\n"
      "differ, by bits_per_byte.\n"
      "\n"
      "Recall: q3=7 a9=1 q3= asks for 7. Prompts are held out: no training on any seed meets them. "
      "Models\n"
      "must have the vocabulary of single bytes. --prompts draws the number of pairs and the pair "
      "asked for\n"
      "evenly, as training does. --prompts-per-cell, --pairs and --csv fill a grid instead: for "
      "each number\n"
      "of pairs and each distance (pairs between the one asked for and the question) as many "
      "prompts. With\n"
      "one pair there are 2,600 prompts, some 160 of them held out: beyond that a cell asks some "
      "twice.\n"
      "\n"
      "Heads: of each layer and head of an attention model, the affinity from position t to the "
      "keys "
      "of a\n"
      "job, averaged over the positions t that have any. It reads windows evenly spread over the "
      "corpus,\n"
      "and as many random sequences of n different tokens, each followed by itself (n: T / 2, or "
      "all that\n"
      "the vocabulary has). Beside each score stands the even spread: that of a head which looks "
      "alike at\n"
      "all that the mask lets it see.\n"
      "  previous_token      to t - 1; of every t > 0 (Elhage et al. 2021)\n"
      "  induction           to the positions that followed earlier occurrences of the token at t, "
      "summed;\n"
      "                      of every t that has one (prefix matching, Olsson et al. 2022)\n"
      "  first_token         to 0; of every t > 0 (attention sink, Xiao et al. 2023)\n"
      "  repeated_induction  to t - n + 1; of every t in the second half of the random sequences\n"
      "                      (Olsson et al. 2022)\n"
      "Layers and heads are counted from 1, as on screen.\n"
      "\n"
      "JSON, text: task, corpus, documents, kernel, models [{name, kind, parameters, length, "
      "windows,\n"
      "  tokens: that were foretold, right: those that no other token was likelier than, "
      "share_right,\n"
      "  loss: nats a token, perplexity: e to the loss (absent where it is too large), bytes: of "
      "these tokens,\n"
      "  bits_per_byte, even_loss: of a guess that holds all tokens equally likely,\n"
      "  sources [{name: of the file without .txt, documents, tokens, bytes, loss, bits_per_byte, "
      "right,\n"
      "  share_right}]}].\n"
      "With --heads: task, corpus, documents, length, seed, kernel, models [{name, kind, "
      "parameters,\n"
      "  windows, repeated_tokens: n, even_spread {previous_token, induction, first_token,\n"
      "  repeated_induction}, heads [{layer, head, previous_token, …}]}]; a job that no position "
      "has is left\n"
      "  out.\n"
      "Recall: task, min_pairs, max_pairs, prompts_per_cell (of a grid), chance, seed, kernel, "
      "models\n"
      "  [{name, kind, parameters, prompts, right, share_right, loss,\n"
      "  by_pairs [{pairs, prompts, right, share_right, loss}], by_distance [{distance, …}],\n"
      "  grid [{pairs, distance, …, state_bytes}]}].\n"
      "CSV, recall, a line for each model and cell:\n"
      "  model,kind,parameters,state_bytes,pairs,distance,prompts,right,share_right,chance\n"
      "  state_bytes  what the model keeps of such a prompt when it is to answer: LSTM 8 L H, "
      "hidden and\n"
      "               cell states; attention 8 L T D, keys and values of its T = 5 pairs + 3 "
      "tokens,\n"
      "               with an attention window of W of the last min(T, W)\n"
      "  chance       of a guess: a value is one of ten digits\n"
      "The numbers are the same for any number of threads.";

} // namespace

Command evaluateCommand()
{
    return { .name = "evaluate",
        .purpose = "Judges models by a text or by how well they recall, and tells what heads do",
        .options = { { "--task", "text|recall", "what they are judged by (default: text)" },
            { "--corpus", "FILE|DIR",
                "text: what they foretell, a file or a folder of .txt files; each file is reported "
                "by "
                "itself too",
                Option::Takes::Values },
            { "--length", "T",
                "text: tokens of a window (default: the shortest context of the models, up to "
                "1024; 256 where none has one)" },
            { "--heads", "",
                "text: what the heads of attention models do with it, instead of losses",
                Option::Takes::Nothing },
            { "--windows", "N", "text, heads: how many windows (default: 16)" },
            { "--prompts", "N", "recall: how many (default: 2000)" },
            { "--min-pairs", "N", "recall: fewest pairs of a prompt (default: 1)" },
            { "--max-pairs", "N", "recall: most pairs of a prompt, up to 32 (default: 8)" },
            { "--prompts-per-cell", "N",
                "recall: how many for each number of pairs and each distance, instead of --prompts "
                "(default with --pairs or --csv: 50)" },
            { "--pairs", "N,N…", "recall: numbers of pairs, instead of all from fewest to most" },
            { "--batch", "B", "rows that are read together (default: 32)" },
            { "--threads", "P", "threads (default: the cores of this machine)" },
            { "--json", "FILE|-", "write the numbers instead of a table" },
            { "--csv", "FILE|-", "recall: write the grid as CSV instead of a table" } },
        .operand = "NAME|DIR…",
        .notes = evaluateNotes,
        .run = evaluate };
}

} // namespace timestep
