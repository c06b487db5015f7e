// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/traced_run.h"

#include "engine/measurement/traced_text.h"

#include <algorithm>
#include <utility>

namespace timestep {

bool TraceRequest::sameAs(const TraceRequest& other) const
{
    const auto sameToken = [](const Token& a, const Token& b) { return a.id == b.id; };
    const Settings& a = settings;
    const Settings& b = other.settings;
    return singleSteps == other.singleSteps && models.lstm == other.models.lstm
        && models.attention == other.models.attention
        && std::equal(
            tokens.begin(), tokens.end(), other.tokens.begin(), other.tokens.end(), sameToken)
        && a.rows == b.rows && a.subBatches == b.subBatches && a.threads == b.threads
        && a.lstmStrategy == b.lstmStrategy && a.attentionStrategy == b.attentionStrategy
        && a.causal == b.causal && a.kernel == b.kernel && a.memoryBudget == b.memoryBudget;
}

const Operation& TracedGroup::operationOf(int span) const
{
    const int operation = trace.spans[static_cast<std::size_t>(span)].operation;
    return plan.operations()[static_cast<std::size_t>(operation)];
}

LaneTotals TracedGroup::totals(double beginNs, double endOfRangeNs) const
{
    LaneTotals all;
    for (const LaneTimeline& lane : lanes)
        all += lane.totals(beginNs, endOfRangeNs);
    return all;
}

std::size_t TracedGroup::bytes() const
{
    std::size_t lanesBytes = 0;
    for (const LaneTimeline& lane : lanes)
        lanesBytes += lane.bytes();
    const std::size_t operations = plan.operations().size();
    constexpr std::size_t needsOfOne = 3; // ranges, about
    return lanesBytes + trace.spans.capacity() * sizeof(Span)
        + operations * (sizeof(Operation) + sizeof(int) + needsOfOne * sizeof(OperationRange))
        + (spanOfOperation.capacity() + criticalPath.capacity()) * sizeof(int);
}

TracedGroup tracedGroup(Plan plan, Trace trace, int threads, int cores)
{
    TracedGroup group;
    group.kind = plan.shape().kind;
    group.rows = plan.shape().rows;
    group.endNs = runEndNs(trace);
    for (std::vector<LaneInterval>& lane : laneStates(plan, trace))
        group.lanes.emplace_back(std::move(lane));
    group.lanes.resize(std::max(group.lanes.size(), static_cast<std::size_t>(threads)));
    group.loss = coreLoss(group.lanes, cores);
    group.spanOfOperation = spanOfOperation(plan, trace);
    group.pathTime = threads > cores ? SpanTime::Processor : SpanTime::Wall;
    group.criticalPath = criticalPath(plan, trace, group.pathTime);
    for (const int index : group.criticalPath) {
        const Span& span = trace.spans[static_cast<std::size_t>(index)];
        group.pathNs += group.pathTime == SpanTime::Wall ? span.endNs - span.beginNs : span.cpuNs;
    }
    group.plan = std::move(plan);
    group.trace = std::move(trace);
    return group;
}

bool TracedRun::disturbed() const
{
    return std::any_of(
        groups.begin(), groups.end(), [](const TracedGroup& group) { return group.disturbed(); });
}

std::size_t TracedRun::bytes() const
{
    std::size_t all
        = moments.capacity() * sizeof(double) + request.tokens.capacity() * sizeof(Token);
    for (const TracedGroup& group : groups)
        all += group.bytes();
    return all;
}

namespace {

constexpr int mostTries = 20; // a short run may lie within one slice of another program
constexpr double triesMs = 300; // of one group

std::vector<double> momentsOf(const std::vector<TracedGroup>& groups)
{
    std::vector<double> moments;
    for (const TracedGroup& group : groups) {
        for (const Span& span : group.trace.spans) {
            moments.push_back(static_cast<double>(span.beginNs) * 1e-6);
            moments.push_back(static_cast<double>(span.endNs) * 1e-6);
        }
    }
    std::sort(moments.begin(), moments.end());
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    return moments;
}

} // namespace

std::optional<TracedRun> traceRun(
    const TraceRequest& request, ReadyPair& ready, const std::stop_token& stop)
{
    const Settings& wanted = request.settings;
    ready.prepare(request.models, wanted);
    TracedRun run;
    run.request = request;
    std::vector<int> rowCounts { wanted.rows };
    if (wanted.rows > 1)
        rowCounts.push_back(1);
    for (const int rows : rowCounts) {
        for (const ModelKind kind : { ModelKind::Lstm, ModelKind::Attention }) {
            const bool lstm = kind == ModelKind::Lstm;
            RunSettings settings;
            settings.rows = rows;
            settings.subBatches = std::min(wanted.subBatches, rows);
            settings.strategy = lstm ? wanted.lstmStrategy : wanted.attentionStrategy;
            settings.causal = wanted.causal;
            settings.smallOperations = request.singleSteps;
            settings.memoryBudget = wanted.memoryBudget;
            std::optional<TracedText> traced
                = traceText(lstm ? ready.lstm() : ready.attention(), request.tokens, settings,
                    { request.cores, mostTries, triesMs }, ready.executor(), stop);
            if (!traced)
                return std::nullopt;
            run.groups.push_back(tracedGroup(
                std::move(traced->plan), std::move(traced->trace), wanted.threads, request.cores));
            run.groups.back().tries = traced->tries;
            run.durationMs
                = std::max(run.durationMs, static_cast<double>(run.groups.back().endNs) * 1e-6);
        }
    }
    run.moments = momentsOf(run.groups);
    return run;
}

} // namespace timestep
