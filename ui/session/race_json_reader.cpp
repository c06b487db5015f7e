// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/sweep_columns.h"
#include "ui/session/race_json.h"
#include "ui/session/race_names.h"
#include "ui/session/race_plan.h"
#include "ui/session/strict_json.h"

#include <algorithm>
#include <limits>

namespace timestep {

namespace {

// More than any race has; with these, bytes by formula stay far below 2⁶⁴, and axes are short.
constexpr int MostRows = 1 << 16;
constexpr int MostTokens = 1 << 16;
constexpr int MostWidth = 1 << 16;
constexpr int MostLayers = 1 << 8;
constexpr int MostHeads = 1 << 8;
constexpr int MostThreads = 1 << 16;
constexpr int MostRepeats = 1'000'000;
constexpr int Any = std::numeric_limits<int>::max();
constexpr double ShortestTime = 1e-9; // ms; nothing runs in no time, and axes are logarithmic
constexpr double LongestTime = 1e12; // ms
constexpr double Huge = 1e30;

/// What can be drawn and told of, and never run.
ModelPointer sizesOnly(const StrictJson& json, ModelKind kind)
{
    if (json.isNull())
        return nullptr;
    auto model = std::make_shared<Model>();
    model->name = json.at("name").text();
    ModelShape& shape = model->shape;
    shape.kind = kind;
    shape.vocabulary = json.at("vocabulary").integer(0, Any);
    shape.layers = json.at("layers").integer(1, MostLayers);
    shape.width = json.at("width").integer(1, MostWidth);
    shape.embedding = json.at("embedding").integer(0, MostWidth);
    shape.heads = json.at("heads").integer(kind == ModelKind::Attention ? 1 : 0, MostHeads);
    shape.attentionWindow = json.at("attention_window").integer(0, Any);
    shape.context = json.at("context").integer(0, Any);
    shape.tied = json.at("tied").boolean();
    return model;
}

std::vector<int> threadCounts(const StrictJson& json)
{
    std::vector<int> counts;
    for (const StrictJson& item : json.items())
        counts.push_back(item.integer(counts.empty() ? 1 : counts.back() + 1, MostThreads));
    if (counts.empty() || counts.front() != 1)
        json.refuse("1, and then more");
    return counts;
}

RaceRequest requestFrom(const StrictJson& json)
{
    RaceRequest request;
    request.question = json.at("question").named(raceQuestionFromName);
    request.pass = json.at("pass").named(passFromName);
    request.models.lstm = sizesOnly(json.at("lstm"), ModelKind::Lstm);
    request.models.attention = sizesOnly(json.at("attention"), ModelKind::Attention);
    if (!request.models.lstm != !request.models.attention)
        json.at("attention").refuse("a model where the LSTM is one, and null where it is null");
    request.causal = json.at("causal").boolean();
    request.width = json.at("width").integer(1, MostWidth);
    request.heads = json.at("heads").integer(1, MostHeads);
    request.rows = json.at("rows").integer(1, MostRows);
    request.subBatches = json.at("sub_batches").integer(0, MostRows);
    request.lstmStrategy = json.at("lstm_strategy").named(strategyFromName);
    request.attentionStrategy = json.at("attention_strategy").named(strategyFromName);
    request.threads = json.at("threads").integer(1, MostThreads);
    request.threadCounts = threadCounts(json.at("thread_counts"));
    request.longest = json.at("longest").integer(ShortestRaceLength, MostTokens);
    request.speedUpLength = json.at("speed_up_length").integer(1, MostTokens);
    request.repeats = json.at("repeats").integer(1, MostRepeats);
    request.cores = json.at("cores").integer(1, MostThreads);
    request.kernel = json.at("kernel").text();
    request.memoryBudget = json.at("memory_budget").count();
    return request;
}

Machine machineFrom(const StrictJson& json)
{
    Machine machine;
    machine.processor = json.at("processor").text();
    machine.cores = json.at("cores").integer(0, MostThreads);
    machine.memoryBytes = json.at("memory_bytes").count();
    machine.system = json.at("system").text();
    machine.systemKernel = json.at("system_kernel").text();
    machine.version = json.at("version").text();
    machine.compiler = json.at("compiler").text();
    return machine;
}

PlannedLine lineFrom(const StrictJson& json)
{
    PlannedLine line {};
    line.picture = json.at("picture").named(racePictureFromName);
    line.line = json.at("line").named(raceLineFromName);
    line.rows = json.at("rows").integer(1, MostRows);
    line.length = json.at("length").integer(1, MostTokens);
    line.most = json.at("most").number(ShortestTime, Huge);
    for (const StrictJson& point : json.at("points").items())
        line.points.push_back({ point.at("count").integer(1, MostThreads),
            point.at("speed_up").number(ShortestTime, Huge) });
    return line;
}

/// As raceCell() made it: the name of the computation is the model's, or that of a bare layer.
SweepCell cellFrom(const StrictJson& json, const RaceRequest& request, RaceLine line)
{
    const ModelPointer& model
        = line == RaceLine::Attention ? request.models.attention : request.models.lstm;
    SweepCell cell = raceCell(request, line, json.at("length").integer(1, MostTokens),
        json.at("batch").integer(1, MostRows));
    const std::string compute = json.at("compute").text();
    if (compute != computeName(cell))
        json.at("compute").refuse('"' + computeName(cell) + "\", as the request says");
    cell.model = model;
    cell.pass = json.at("pass").named(passFromName);
    cell.strategy = json.at("strategy").named(strategyFromName);
    cell.subBatches = json.at("sub_batches").integer(1, MostRows);
    cell.width = json.at("width").integer(1, MostWidth);
    cell.heads = json.at("heads").integer(0, MostHeads);
    cell.layers = json.at("layers").integer(1, MostLayers);
    cell.threads = json.at("threads").integer(1, MostThreads);
    return cell;
}

double milliseconds(const StrictJson& json) { return json.number(ShortestTime, LongestTime); }

void readTimes(const StrictJson& json, SweepPoint& point)
{
    point.medianMs = milliseconds(json.at("median_ms"));
    point.minMs = milliseconds(json.at("min_ms"));
    point.p90Ms = milliseconds(json.at("p90_ms"));
    point.lowerQuartileMs = milliseconds(json.at("lower_quartile_ms"));
    point.upperQuartileMs = milliseconds(json.at("upper_quartile_ms"));
    const std::vector<StrictJson> interval = json.at("median_interval_ms").items();
    if (interval.size() != 2)
        json.at("median_interval_ms").refuse("two numbers");
    point.lowerMedianMs = milliseconds(interval[0]);
    point.upperMedianMs = interval[1].number(point.lowerMedianMs, LongestTime);
}

std::vector<RacePlace> placesFrom(const StrictJson& json)
{
    std::vector<RacePlace> places;
    for (const StrictJson& place : json.items())
        places.push_back({ place.at("picture").named(racePictureFromName),
            place.at("line").named(raceLineFromName) });
    if (places.empty())
        json.refuse("one place at least");
    return places;
}

RacePoint pointFrom(const StrictJson& json, const RaceRequest& request, std::size_t index)
{
    RacePoint race { placesFrom(json.at("places")), {} };
    SweepPoint& point = race.point;
    point.index = index;
    point.cell = cellFrom(json, request, race.places.front().line);
    point.kernel = json.at("kernel").text();
    point.repeats = json.at("repeats").integer(1, MostRepeats);
    readTimes(json, point);
    point.disturbed = json.at("disturbed_repeats").integer(0, point.repeats);
    point.gflops = json.at("gflops").number(0, Huge);
    point.peakGflops = json.at("peak_gflops").number(ShortestTime, Huge);
    point.readGBps = json.at("read_gbps").number(0, Huge);
    point.flops = json.at("flops").number(1, Huge);
    point.parameters = static_cast<std::int64_t>(json.at("parameters").count());
    point.stateBytes = json.at("state_bytes").count();
    point.peakBytes = json.at("peak_bytes").count();
    point.speedUpBound = json.at("speedup_bound").number(0, Huge);
    const StrictJson error = json.at("max_error");
    point.maxError = error.isNull() ? std::numeric_limits<double>::quiet_NaN()
                                    : error.number(0, std::numeric_limits<double>::max());
    return race;
}

RaceMeasurement measurementFrom(const StrictJson& json)
{
    RaceMeasurement measurement;
    measurement.request = requestFrom(json.at("request"));
    measurement.machine = machineFrom(json.at("machine"));
    measurement.disturbed = json.at("disturbed").boolean();
    measurement.refusal = json.at("refusal").text();
    for (const StrictJson& line : json.at("planned_not_measured").items())
        measurement.lines.push_back(lineFrom(line));
    for (const StrictJson& point : json.at("points").items())
        measurement.points.push_back(
            pointFrom(point, measurement.request, measurement.points.size()));
    return measurement;
}

} // namespace

std::vector<RaceMeasurement> racesFromJson(const StrictJson& measurements)
{
    std::vector<RaceMeasurement> all;
    for (const StrictJson& measurement : measurements.items())
        all.push_back(measurementFrom(measurement));
    return all;
}

} // namespace timestep
