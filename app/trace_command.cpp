// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/cell_arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/interruption.h"
#include "app/output_file.h"
#include "app/trace_summary.h"
#include "engine/measurement/trace_text.h"
#include "engine/measurement/traced_cell.h"

#include <optional>
#include <string>
#include <vector>

namespace timestep {

namespace {

/// Which options name several runs.
std::string severalOf(const Arguments& arguments)
{
    std::string several;
    for (const char* const option :
        { "--compute", "--model", "--lengths", "--batches", "--threads" }) {
        const std::vector<std::string> values = arguments.texts(option);
        const bool list = values.size() == 1 && values.front().find(',') != std::string::npos;
        if (values.size() > 1 || list)
            several += std::string(several.empty() ? "" : " and ") + option;
    }
    // One name of a pair is two models.
    return "name one value for " + (several.empty() ? "--model" : several);
}

int trace(const Arguments& arguments, std::stop_token stop)
{
    if (arguments.text("--json") == "-" && arguments.text("--chrome") == "-")
        throw UsageError("--json and --chrome cannot both go to standard output");
    const std::vector<SweepCell> cells = chosenCells(arguments);
    if (cells.size() != 1)
        throw UsageError("a trace is of one run: " + severalOf(arguments));
    SweepSettings settings;
    settings.seed = chosenSeed(arguments);
    settings.memoryBudget = chosenMemoryBudget(arguments);
    settings.kernels = &chosenKernels(arguments);
    std::optional<OutputFile> json, chrome;
    if (arguments.has("--json"))
        json.emplace(arguments.text("--json"));
    if (arguments.has("--chrome"))
        chrome.emplace(arguments.text("--chrome"));

    const std::optional<TracedCell> traced = traceCell(cells.front(), settings, stop);
    if (!traced || stop.stop_requested())
        throw Interrupted();
    if (json)
        json->commit(traceJson(traced->plan, traced->trace));
    if (chrome)
        chrome->commit(traceChrome(traced->plan, traced->trace));
    if (!json && !chrome)
        OutputFile("-").commit(traceSummary(traced->plan, traced->trace, *settings.kernels));
    return 0;
}

std::vector<Option> traceOptions()
{
    std::vector<Option> options = cellOptions();
    options.push_back({ "--json", "FILE|-", "write lanes, spans and critical path" });
    options.push_back(
        { "--chrome", "FILE|-", "write the trace event format that Chrome and Perfetto read" });
    return options;
}

constexpr const char* traceNotes
    = "Without --json and --chrome a summary is printed. After a warm-up, one run is watched.\n"
      "\n"
      "Each span is one operation of the executed plan as it really ran. Operations:\n"
      "  input-half      LSTM: x Wx + b of some steps\n"
      "  recurrent-half  LSTM: h Wh and the gates\n"
      "  keys-values     attention: queries, keys and values of the first layer\n"
      "  block           attention: the rest of a layer for some positions, and the next layer's "
      "keys\n"
      "                  and values\n"
      "  attend          attention cut by head: affinities times values of some heads\n"
      "  combine         attention cut by head: joins the heads; the rest of the layer\n"
      "and in training:\n"
      "  recurrent-backward  LSTM: gradients of the gates, step by step back; units, where they "
      "are\n"
      "                      split, are those whose gates they are\n"
      "  block-backward      attention: gradients from a layer's output to its input\n"
      "  input-backward      LSTM: what they hand to the layer below, or to the input; units "
      "are those\n"
      "                      that get it\n"
      "  weight-gradients    what some steps add to the gradients of the weights\n"
      "  reduction           gradients of some parameters, summed over the sub-batches\n"
      "JSON: lanes [{lane, thread}]; spans [{operation, layer, steps, rows, heads, units, "
      "parameters: [first, "
      "last], absent\n"
      "where a field does not apply; lane, begin_ns, end_ns, cpu_ns; needs: indices of the spans "
      "it\n"
      "had to wait for by the plan}]; critical_path: the chain of needs that took longest, as "
      "indices of spans.\n"
      "Times count from the beginning of the run; cpu_ns is what the thread had of a core.";

} // namespace

Command traceCommand()
{
    return { .name = "trace",
        .purpose = "Runs one layer or model and writes what ran when on which thread",
        .options = traceOptions(),
        .notes = traceNotes,
        .run = trace };
}

} // namespace timestep
