// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/planned_pair.h"

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

/// The shape of the layers that are planned: all of the model, or one of them given its inputs.
PlanShape plannedShape(const ModelShape& model, const PlanRequest& request)
{
    PlanShape shape;
    shape.kind = model.kind;
    shape.width = model.width;
    shape.inputWidth = model.embedding;
    shape.heads = model.heads;
    shape.steps = request.steps;
    shape.rows = request.rows;
    shape.causal = request.causal || request.beingWritten;
    shape.beingWritten = request.beingWritten;
    shape.training = shape.updatesLayers = request.training;
    shape.attentionWindow = model.attentionWindow;
    if (model.kind == ModelKind::Lstm)
        shape.brokenLink = request.brokenLink;
    shape.layers = model.layers;
    if (request.layer >= 0) {
        shape.layers = 1;
        if (std::min(request.layer, model.layers - 1) > 0)
            shape.inputWidth = model.width;
    }
    return shape;
}

Cut fineCut(Strategy strategy, const PlanRequest& request)
{
    Cut cut;
    // Which strategy is fastest is a matter of real threads; workers are imagined here, and
    // sub-batches are what both models have.
    const bool any = strategy == Strategy::Auto || (request.training && !trains(strategy));
    cut.strategy = any ? Strategy::SubBatch : strategy;
    cut.grain = Grain::Fine;
    cut.subBatches = request.subBatches;
    if (cut.strategy == Strategy::HiddenSplit)
        cut.slices = std::clamp(request.workers, 1, std::max(1, request.lstm.width));
    return cut;
}

/// By plans of the same that are split less.
ParallelismFactors factorsOf(const Plan& plan, double parallelism)
{
    const auto unsplit = [&plan](int subBatches) {
        const Cut cut { .grain = Grain::Fine, .subBatches = subBatches };
        return summarize(makePlan(plan.shape(), cut)).parallelism;
    };
    const Strategy strategy = plan.cut().strategy;
    const bool splitsSteps = strategy == Strategy::HiddenSplit || strategy == Strategy::Head;
    ParallelismFactors factors;
    factors.time = unsplit(1);
    const double whole = splitsSteps ? unsplit(plan.cut().subBatches) : parallelism;
    if (factors.time > 0)
        factors.rows = whole / factors.time;
    if (whole > 0)
        factors.step = parallelism / whole;
    return factors;
}

std::optional<PlannedModel> planModel(const ModelShape& model, Strategy strategy,
    const PlanRequest& request, const std::stop_token& stop)
{
    PlannedModel planned { makePlan(plannedShape(model, request), fineCut(strategy, request)), {},
        0, {}, {} };
    if (request.layer >= 0) {
        planned.layersBelow = std::min(request.layer, model.layers - 1);
        planned.layersAbove = model.layers - 1 - planned.layersBelow;
    }
    if (stop.stop_requested())
        return std::nullopt;
    planned.summary = summarize(planned.plan);
    planned.parallelism = factorsOf(planned.plan, planned.summary.parallelism);
    planned.chain = cellsInSequence(planned.plan);
    // Sequential is one worker's work, however many there are.
    const bool sequential = planned.plan.cut().strategy == Strategy::Sequential;
    planned.schedule = listSchedule(planned.plan, sequential ? 1 : request.workers, stop);
    if (stop.stop_requested())
        return std::nullopt;
    return planned;
}

/// Adds what the plan would come to with the link whole.
void addUnbroken(PlannedPair& pair, const PlanRequest& request, const std::stop_token& stop)
{
    PlanRequest whole = request;
    whole.brokenLink = 0;
    if (const auto lstm = planModel(request.lstm, request.lstmStrategy, whole, stop)) {
        pair.lengthUnbroken = lstm->schedule.length;
        pair.chainUnbroken = lstm->chain;
    }
}

/// Of an LSTM: of reading alone, also where it is trained.
double forwardFlops(const Plan& plan)
{
    double flops = 0;
    for (const Operation& operation : plan.operations()) {
        const bool forward = operation.kind == OperationKind::InputHalf
            || operation.kind == OperationKind::RecurrentHalf;
        flops += forward ? operation.flops : 0;
    }
    return flops;
}

std::vector<double> momentsOf(const PlannedPair& pair)
{
    std::vector<double> moments;
    for (const PlannedModel* model : { &pair.lstm, &pair.attention }) {
        for (const ScheduledOperation& operation : model->schedule.operations) {
            moments.push_back(operation.begin / pair.unitFlops);
            moments.push_back(operation.end / pair.unitFlops);
        }
    }
    std::sort(moments.begin(), moments.end());
    moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
    return moments;
}

} // namespace

double PlannedPair::duration() const
{
    return std::max(lstm.schedule.length, attention.schedule.length) / unitFlops;
}

PlanRequest planRequest(
    const ModelShape& lstm, const ModelShape& attention, int steps, const Settings& settings)
{
    PlanRequest request;
    request.lstm = lstm;
    request.attention = attention;
    request.steps = steps;
    request.rows = settings.rows;
    request.subBatches = std::min(settings.subBatches, settings.rows);
    request.workers = settings.workers;
    request.layer = settings.plannedLayer;
    request.lstmStrategy = settings.lstmStrategy;
    request.attentionStrategy = settings.attentionStrategy;
    request.causal = settings.causal;
    request.training = settings.plannedTraining;
    request.beingWritten = settings.beingWritten && !settings.plannedTraining;
    return request;
}

std::optional<PlannedPair> planPair(const PlanRequest& request, const std::stop_token& stop)
{
    auto lstm = planModel(request.lstm, request.lstmStrategy, request, stop);
    if (!lstm)
        return std::nullopt;
    auto attention = planModel(request.attention, request.attentionStrategy, request, stop);
    if (!attention)
        return std::nullopt;
    PlannedPair pair { std::move(*lstm), std::move(*attention) };
    pair.workers = request.workers;
    pair.rows = request.rows;
    pair.subBatches = request.subBatches;
    pair.layer = request.layer;
    const double stepsOfAllSubBatches
        = 1.0 * request.steps * pair.lstm.plan.cut().subBatches * pair.lstm.plan.shape().layers;
    pair.unitFlops = forwardFlops(pair.lstm.plan) / stepsOfAllSubBatches;
    pair.moments = momentsOf(pair);
    if (request.brokenLink > 0)
        addUnbroken(pair, request, stop);
    if (stop.stop_requested())
        return std::nullopt;
    return pair;
}

} // namespace timestep
