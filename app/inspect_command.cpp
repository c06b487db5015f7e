// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/inspection.h"
#include "app/inspection_text.h"
#include "app/model_arguments.h"
#include "app/output_file.h"

#include <limits>
#include <optional>

namespace timestep {

namespace {

int runInspect(const Arguments& arguments, std::stop_token stop)
{
    if (!arguments.has("--text") && !arguments.has("--text-file"))
        throw UsageError("no text: give it with --text or --text-file");
    InspectionSettings settings;
    settings.kernels = &chosenKernels(arguments);
    settings.causal = arguments.choice("--causal", "on", { "on", "off" }) == "on";
    settings.predictions = static_cast<int>(arguments.integer("--top", 5, 0, 1'000'000));
    settings.memoryBudget = chosenMemoryBudget(arguments);
    if (arguments.has("--window")) {
        settings.window
            = arguments.integer("--window", 0, 0, std::numeric_limits<std::int64_t>::max());
    }
    settings.influence = arguments.has("--json");
    const std::string text = chosenText(arguments, "");
    std::optional<OutputFile> json;
    if (arguments.has("--json"))
        json.emplace(arguments.text("--json"));

    const std::vector<ModelPointer> models = chosenModels(arguments);
    tellWarnings(models, "timestep inspect");
    const std::vector<Inspection> inspections = inspect(models, text, settings, stop);
    if (json)
        writeInspectionJson(*json, text, inspections, arguments.has("--logits"));
    else
        OutputFile("-").commit(inspectionSummary(text, inspections, *settings.kernels));
    return 0;
}

constexpr const char* inspectNotes
    = "Without --json a summary is printed: of each token, what the model would write next.\n"
      "\n"
      "JSON: text; models [{name, kind, parameters, layers, width, heads,\n"
      "  attention_window, where the model has one: affinities of older tokens are 0,\n"
      "  tokens: T x {id, piece, begin, end}, bytes begin to end of the text,\n"
      "  lstm: gates: L x {input, forget, candidate, output}, each T x H; cell, hidden: L x T x "
      "H,\n"
      "  attention: affinity: L x heads x T x T,\n"
      "  influence: T x T, how much each token read sways the best next token at each position,\n"
      "  as shares of influence_norm: T, the sum of the gradients' lengths,\n"
      "  logits: T x V with --logits; predictions: T x K x {id, piece, probability}}].\n"
      "In text and piece, a byte that is not valid UTF-8 is written \\xNN and a backslash doubled.";

} // namespace

Command inspectCommand()
{
    return { .name = "inspect",
        .purpose = "Writes what the models compute from a text: gates, states, affinities, "
                   "influence, predictions",
        .options = { { "--text", "TEXT", "the text to read" },
            { "--text-file", "FILE", "read the text from a file" },
            { "--model", "NAME|DIR",
                "a bundled model or pair, or a model folder (default: the bundled pair)",
                Option::Takes::Values },
            { "--top", "K", "predictions at each position (default: 5)" },
            { "--logits", "", "write the logits too", Option::Takes::Nothing },
            { "--causal", "on|off", "whether attention looks only at what precedes (default: on)" },
            { "--window", "FIRST", "the first token to read, of a text beyond the context" },
            { "--json", "FILE|-", "write all numbers" } },
        .notes = inspectNotes,
        .run = runInspect };
}

} // namespace timestep
