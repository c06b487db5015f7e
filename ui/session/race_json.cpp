// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_json.h"

#include "engine/measurement/sweep_columns.h"
#include "engine/measurement/sweep_json.h"
#include "ui/session/race_names.h"
#include "ui/session/race_plan.h"

#include <nlohmann/json.hpp>

namespace timestep {

using Json = nlohmann::ordered_json;

namespace {

Json modelJson(const ModelPointer& model)
{
    if (!model)
        return nullptr;
    const ModelShape& shape = model->shape;
    return { { "name", model->name }, { "vocabulary", shape.vocabulary },
        { "layers", shape.layers }, { "width", shape.width }, { "embedding", shape.embedding },
        { "heads", shape.heads }, { "attention_window", shape.attentionWindow },
        { "context", shape.context }, { "tied", shape.tied } };
}

Json requestJson(const RaceRequest& request)
{
    return {
        { "question", raceName(request.question) },
        { "pass", passName(request.pass) },
        { "lstm", modelJson(request.models.lstm) },
        { "attention", modelJson(request.models.attention) },
        { "causal", request.causal },
        { "width", request.width },
        { "heads", request.heads },
        { "rows", request.rows },
        { "sub_batches", request.subBatches },
        { "lstm_strategy", strategyName(request.lstmStrategy) },
        { "attention_strategy", strategyName(request.attentionStrategy) },
        { "threads", request.threads },
        { "thread_counts", request.threadCounts },
        { "longest", request.longest },
        { "lengths", raceLengths(request) },
        { "speed_up_length", request.speedUpLength },
        { "repeats", request.repeats },
        { "cores", request.cores },
        { "kernel", request.kernel },
        { "memory_budget", request.memoryBudget },
    };
}

Json machineJson(const Machine& machine)
{
    return { { "processor", machine.processor }, { "cores", machine.cores },
        { "memory_bytes", machine.memoryBytes }, { "system", machine.system },
        { "system_kernel", machine.systemKernel }, { "version", machine.version },
        { "compiler", machine.compiler } };
}

Json lineJson(const PlannedLine& line)
{
    Json points = Json::array();
    for (const PlannedSpeedUp& point : line.points)
        points.push_back({ { "count", point.count }, { "speed_up", point.speedUp } });
    return { { "picture", raceName(line.picture) }, { "line", raceName(line.line) },
        { "rows", line.rows }, { "length", line.length }, { "most", line.most },
        { "points", std::move(points) } };
}

Json racePointJson(const RacePoint& race, const Machine& machine)
{
    Json places = Json::array();
    for (const RacePlace& place : race.places)
        places.push_back(
            { { "picture", raceName(place.picture) }, { "line", raceName(place.line) } });
    Json point = pointJson(race.point, machine);
    point["places"] = std::move(places);
    return point;
}

Json measurementJson(const RaceMeasurement& measurement)
{
    Json lines = Json::array();
    for (const PlannedLine& line : measurement.lines)
        lines.push_back(lineJson(line));
    Json points = Json::array();
    for (const RacePoint& point : measurement.points)
        points.push_back(racePointJson(point, measurement.machine));
    return { { "request", requestJson(measurement.request) },
        { "machine", machineJson(measurement.machine) }, { "disturbed", measurement.disturbed },
        { "refusal", measurement.refusal }, { "planned_not_measured", std::move(lines) },
        { "points", std::move(points) } };
}

} // namespace

Json raceJson(const std::vector<RaceMeasurement>& measurements)
{
    Json all = Json::array();
    for (const RaceMeasurement& measurement : measurements)
        all.push_back(measurementJson(measurement));
    return all;
}

} // namespace timestep
