// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/traced_text.h"

#include "engine/execution/logits.h"
#include "engine/execution/memory_budget.h"
#include "engine/execution/strategy_choice.h"
#include "engine/execution/text_layers.h"
#include "engine/kernels/aligned_floats.h"
#include "engine/measurement/cell_bench.h"
#include "engine/measurement/core_loss.h"

#include <chrono>
#include <utility>
#include <vector>

namespace timestep {

namespace {

using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double lostShare(const Plan& plan, const Trace& trace, int cores)
{
    std::vector<LaneTimeline> lanes;
    for (std::vector<LaneInterval>& lane : laneStates(plan, trace))
        lanes.emplace_back(std::move(lane));
    return coreLoss(lanes, cores).share();
}

std::size_t hiddenFloats(const PlanShape& shape)
{
    return static_cast<std::size_t>(shape.steps) * static_cast<std::size_t>(shape.width);
}

/// At least once.
Outcome warmUp(
    const Plan& plan, Computation& computation, Executor& executor, const std::stop_token& stop)
{
    const auto end = Clock::now()
        + std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double, std::milli>(CellBench::warmUpMs));
    do {
        if (executor.run(plan, computation, stop) == Outcome::Cancelled)
            return Outcome::Cancelled;
    } while (Clock::now() < end);
    // A plan of a single task has left the other workers asleep.
    executor.warmUp(1);
    return Outcome::Finished;
}

/// Runs until a trace is quiet enough or the tries are used up; keeps the quietest.
Outcome runWatched(TracedText& traced, Computation& computation, const TraceTries& tries,
    Executor& executor, const std::stop_token& stop)
{
    const auto begin = Clock::now();
    if (executor.run(traced.plan, computation, stop, &traced.trace) == Outcome::Cancelled)
        return Outcome::Cancelled;
    if (tries.most <= 1)
        return Outcome::Finished;
    double least = lostShare(traced.plan, traced.trace, tries.cores);
    while (least >= tries.enough && traced.tries < tries.most && msSince(begin) < tries.withinMs) {
        Trace another;
        if (executor.run(traced.plan, computation, stop, &another) == Outcome::Cancelled)
            return Outcome::Cancelled;
        ++traced.tries;
        const double lost = lostShare(traced.plan, another, tries.cores);
        if (lost >= least)
            continue;
        least = lost;
        traced.trace = std::move(another);
    }
    return Outcome::Finished;
}

} // namespace

std::optional<TracedText> traceText(const PackedModel& model, std::span<const Token> tokens,
    const RunSettings& settings, const TraceTries& tries, Executor& executor, std::stop_token stop)
{
    const PlanShape shape = planShapeOf(
        model.model()->shape, static_cast<int>(tokens.size()), settings.rows, settings.causal);
    TracedText traced;
    const Cut cut = executedCut(shape, settings.strategy, settings.subBatches, executor.threads());
    traced.plan = makePlan(shape, settings.smallOperations ? smallestOperations(cut) : cut);
    refuseBeyondBudget("a traced run of model \"" + model.model()->name + "\" on "
            + std::to_string(settings.rows) + " x " + std::to_string(tokens.size()) + " tokens",
        TextLayers::bytesNeeded(model, traced.plan, executor.threads())
            + hiddenFloats(shape) * sizeof(float),
        settings.memoryBudget);

    AlignedFloats hidden(hiddenFloats(shape));
    TextLayers::Text text;
    for (const Token& token : tokens)
        text.tokens.push_back(token.id);
    text.lastHidden = hidden.data();
    MemoryAccount account;
    TextLayers layers(model, std::move(text), traced.plan, executor.threads(), account);
    if (warmUp(traced.plan, layers, executor, stop) == Outcome::Cancelled
        || runWatched(traced, layers, tries, executor, stop) == Outcome::Cancelled)
        return std::nullopt;
    if (!layers.finite())
        throw notFinite(*model.model());
    return traced;
}

} // namespace timestep
