// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/cell_arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/interruption.h"
#include "app/output_file.h"
#include "app/sweep_report.h"
#include "engine/measurement/sweep_columns.h"
#include "engine/measurement/sweep_json.h"

#include <iostream>
#include <optional>
#include <unistd.h>

namespace timestep {

namespace {

/// One of the forms the points are asked for in.
class SweepOutput
{
public:
    using Format = std::string (*)(const std::vector<SweepPoint>&);

    SweepOutput(const Arguments& arguments, const std::string& option, Format format)
        : m_format(format)
    {
        if (!arguments.has(option))
            return;
        m_toStandardOutput = arguments.text(option) == "-";
        m_file.emplace(arguments.text(option));
    }

    bool wanted() const { return m_file.has_value(); }
    bool toStandardOutput() const { return m_toStandardOutput; }

    void write(const std::vector<SweepPoint>& points)
    {
        if (wanted())
            m_file->commit(m_format(points));
    }

private:
    Format m_format;
    bool m_toStandardOutput = false;
    std::optional<OutputFile> m_file;
};

/// A line on the terminal that is written over, for a person who waits.
void showProgress(const SweepProgress& progress)
{
    std::cerr << "\r" << progress.repeatsDone << " of " << progress.repeats << " repeats, "
              << progress.pointsDone << " of " << progress.points << " points done " << std::flush;
}

int bench(const Arguments& arguments, std::stop_token stop)
{
    const std::vector<SweepCell> cells = chosenCells(arguments);
    SweepSettings settings;
    settings.repeats = static_cast<int>(arguments.integer("--repeats", 15, 1, 1000000));
    settings.seed = chosenSeed(arguments);
    settings.memoryBudget = chosenMemoryBudget(arguments);
    settings.kernels = &chosenKernels(arguments);

    if (arguments.text("--csv") == "-" && arguments.text("--json") == "-")
        throw UsageError("--csv and --json cannot both go to standard output");
    SweepOutput csv(arguments, "--csv", sweepCsv);
    SweepOutput json(arguments, "--json", sweepJson);

    const bool watched = isatty(STDERR_FILENO) == 1;
    const std::vector<SweepPoint> points = runSweep(
        cells, settings, stop, [watched](const SweepPoint&, const SweepProgress& progress) {
            if (watched)
                showProgress(progress);
        });
    if (watched)
        std::cerr << '\n';

    const bool interrupted = stop.stop_requested();
    for (SweepOutput* output : { &csv, &json }) {
        // A file stands for a whole sweep; who reads along gets what there is.
        if (!interrupted || output->toStandardOutput())
            output->write(points);
    }
    if (!csv.wanted() && !json.wanted())
        OutputFile("-").commit(sweepText(points));
    if (interrupted) {
        throw Interrupted("interrupted: " + std::to_string(points.size()) + " of "
            + std::to_string(cells.size()) + " points have repeats; no file was written");
    }
    return 0;
}

std::vector<Option> benchOptions()
{
    std::vector<Option> options = cellOptions();
    options.push_back({ "--repeats", "N", "timed runs of each point (default: 15)" });
    options.push_back({ "--csv", "FILE|-", "write the points as CSV" });
    options.push_back({ "--json", "FILE|-", "write them as JSON, with the machine" });
    return options;
}

constexpr const char* benchNotes
    = "Without --csv and --json a table for people is printed. Points are all combinations of what "
      "is\n"
      "named with commas; their repeats are interleaved after a warm-up, the first round from the "
      "least\n"
      "arithmetic to the most, the others in random order, with recording and tracing off. "
      "Strategy auto tries those that suit and is printed as what it picked.\n"
      "\n"
      "Pass generation times one token more for each row when as many as the length are there: one "
      "step of\n"
      "the LSTM from the states, or one position of attention looking at the keys and values, that "
      "a real\n"
      "run of the length left (made once, not timed). Then T = length + 1, and attention sees what "
      "is there\n"
      "and itself, causal or not.\n"
      "\n"
      "Pass training times bare layers, or a model from embedding to last hidden state, forward "
      "and\n"
      "back again, with the gradients of weights and input, from a random gradient of what comes\n"
      "out, and the sum over the sub-batches; without the vocabulary head and the optimiser.\n"
      "The LSTM's strategies all compute the same bits at the same number of sub-batches. auto "
      "keeps that\n"
      "number where it is named; attention, and an LSTM with a sub-batch for each thread, it "
      "trains by rows.\n"
      "\n"
      "CSV columns: "
      "compute,pass,strategy,length,batch,sub_batches,width,heads,layers,threads,kernel,\n"
      "repeats,median_ms,min_ms,p90_ms,gflops,peak_gflops,flops,parameters,state_bytes,peak_bytes,"
      "\n"
      "speedup_bound,max_error,lower_quartile_ms,upper_quartile_ms,median_lower_ms,median_upper_ms,"
      "\n"
      "disturbed_repeats,disturbed,read_gbps. They keep their places, new ones come last.\n"
      "  gflops         flops / median_ms\n"
      "  peak_gflops    the most that the multiply-add units did in all probes on as many threads, "
      "all\n"
      "                 together, before and after each repeat of any point; with the best "
      "instruction\n"
      "                 set of this machine whatever --kernel says. Less than gflops: the peak "
      "was\n"
      "                 measured too low, the machine was not quiet\n"
      "  flops          LSTM 8 B T H (I + H) a layer; attention B (8 T D^2 + 4 T^2 D), of which "
      "causal\n"
      "                 counts T (T + 1) / 2 pairs. Generation: LSTM 8 B H (I + H), attention\n"
      "                 B (8 D^2 + 4 T D). Training: three times inference, and the sum over the\n"
      "                 sub-batches. A model with an attention window of W counts as many pairs "
      "as\n"
      "                 it looks at, at most W a position\n"
      "  state_bytes    LSTM 8 L B H; attention 8 L B T D, its keys and values; of a model with "
      "an\n"
      "                 attention window of W only those it still looks at, 8 L B min(T, W) D "
      "(older\n"
      "                 ones are kept too: peak_bytes). So too in generation,\n"
      "                 the new token's included. Training, what is kept for the way back: LSTM\n"
      "                 24 L B T H; attention 4 L B T (4 D + A) + 4 (L - 1) B T D\n"
      "  peak_bytes     most bytes of working memory at once, counted by the allocator: without "
      "weights,\n"
      "                 input and output\n"
      "  speedup_bound  work / length of the list schedule on min(threads, cores) workers\n"
      "  max_error      largest difference of the timed output from the double-precision "
      "reference,\n"
      "                 relative to its largest magnitude: of row 0, at as many positions as the\n"
      "                 reference does in about a second. Generation: of the new token; not known\n"
      "                 where the reference would take more than some seconds or memory for it, "
      "and\n"
      "                 beyond a model's context. Training: of the gradients, each array relative "
      "to its\n"
      "                 own largest\n"
      "  lower_quartile_ms, upper_quartile_ms\n"
      "                 the middle half of the repeats\n"
      "  median_lower_ms, median_upper_ms\n"
      "                 95 % interval of the median; of fewer than 5 repeats none: empty, null in\n"
      "                 JSON (whose median_interval_ms has both whatever the repeats)\n"
      "  disturbed_repeats\n"
      "                 those in which threads lost cores, for over 5 % of the time, to something\n"
      "                 else; they count all the same\n"
      "  disturbed      yes or no (in JSON true or false): more than a quarter of them were\n"
      "  read_gbps      GB/s that reading 128 MiB reached beside the first repeat, the table's\n"
      "                 memory GB/s\n"
      "The table's last column is disturbed_repeats.\n"
      "\n"
      "After Ctrl-C the points that have repeats still go to standard output; no file is written.";

} // namespace

Command benchCommand()
{
    return { .name = "bench",
        .purpose = "Times layers or models on this machine",
        .options = benchOptions(),
        .notes = benchNotes,
        .run = bench };
}

} // namespace timestep
