// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session_settings.h"

#include "app/arguments.h"

#include <initializer_list>
#include <string_view>

namespace timestep {

namespace {

void takeNumber(const Arguments& arguments, std::string_view name, int most, int& number)
{
    if (arguments.has(name))
        number = static_cast<int>(arguments.integer(name, number, 1, most));
}

void takeStrategy(const Arguments& arguments, std::string_view name,
    std::initializer_list<Strategy> offered, Strategy& strategy)
{
    if (!arguments.has(name))
        return;
    std::vector<std::string_view> names;
    for (const Strategy one : offered)
        names.push_back(strategyName(one));
    strategy = *strategyFromName(arguments.choice(name, strategyName(strategy), names));
}

/// From 1, as it is shown; −1: all.
void takeLayer(const Arguments& arguments, int& layer)
{
    constexpr int most = 1000;
    if (!arguments.has("--layer"))
        return;
    const bool all = arguments.text("--layer") == "all";
    layer = all ? -1 : static_cast<int>(arguments.integer("--layer", 1, 1, most)) - 1;
}

void takePlan(const Arguments& arguments, Settings& settings)
{
    if (!arguments.has("--plan"))
        return;
    const std::string plan
        = arguments.choice("--plan", "reading", { "reading", "written", "training" });
    settings.beingWritten = plan == "written";
    settings.plannedTraining = plan == "training";
}

/// A real run reads, in all layers; where something else is asked for it cannot be what is planned.
void takeBesideRun(const Arguments& arguments, Settings& settings)
{
    if (!arguments.has("--beside-run"))
        return;
    if (settings.beingWritten || settings.plannedTraining)
        throw UsageError("--beside-run shows a real run, and that is of reading: not of --plan "
            + arguments.text("--plan"));
    if (arguments.has("--layer") && settings.plannedLayer >= 0)
        throw UsageError("--beside-run shows a real run, and that is of all layers: not of --layer "
            + arguments.text("--layer"));
    if (settings.breaksLink)
        throw UsageError(
            "--beside-run shows a real run with all links whole: not with --break-link");
    setBesideTrace(settings, true);
}

} // namespace

std::vector<Option> sessionSettingOptions()
{
    return {
        { "--rows", "B", "rows read at once, 1 to 256 (default: 32)" },
        { "--sub-batches", "S", "parts the rows are split into, 1 to 32 (default: 4)" },
        { "--workers", "P", "imagined workers of a plan, 1 to 512 (default: 4)" },
        { "--threads", "N", "threads of this machine, 1 to 64 (default: its cores)" },
        { "--lstm-strategy", "NAME",
            "auto, sequential, sub-batch, hidden-split or layer-wavefront (default: sub-batch)" },
        { "--attention-strategy", "NAME",
            "auto, sequential, sub-batch, head or query-block (default: auto)" },
        { "--layer", "L|all", "steps: the layer that is planned, from 1, or all (default: 1)" },
        { "--plan", "PLAN", "steps: reading, written or training (default: reading)" },
        { "--break-link", "TOKEN|most",
            "steps: the LSTM begins this token in use, from 2, without the one before it; most: "
            "that where it does most harm" },
        { "--beside-run", "",
            "steps: below the plan of reading in all layers, what a real run of it did",
            Option::Takes::Nothing },
    };
}

Settings withSessionSettings(Settings settings, const Arguments& arguments)
{
    takeNumber(arguments, "--rows", 256, settings.rows);
    takeNumber(arguments, "--sub-batches", 32, settings.subBatches);
    takeNumber(arguments, "--workers", 512, settings.workers);
    takeNumber(arguments, "--threads", 64, settings.threads);
    takeStrategy(arguments, "--lstm-strategy",
        { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch, Strategy::HiddenSplit,
            Strategy::LayerWavefront },
        settings.lstmStrategy);
    takeStrategy(arguments, "--attention-strategy",
        { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch, Strategy::Head,
            Strategy::QueryBlock },
        settings.attentionStrategy);
    takeLayer(arguments, settings.plannedLayer);
    takePlan(arguments, settings);
    settings.breaksLink = settings.breaksLink || arguments.has("--break-link");
    takeBesideRun(arguments, settings);
    return settings;
}

} // namespace timestep
