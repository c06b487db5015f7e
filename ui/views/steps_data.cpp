// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_data.h"

#include "engine/execution/needs_sweep.h"
#include "engine/shortest_number.h"
#include "ui/views/steps_grid.h"

#include <nlohmann/json.hpp>

#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace timestep {

namespace {

using Json = nlohmann::ordered_json;

std::string_view phaseOf(OperationKind kind)
{
    if (kind == OperationKind::Reduction)
        return "sum";
    if (kind == OperationKind::GradientNorm || kind == OperationKind::Update)
        return "update";
    return goesBack(kind) ? "backward" : "forward";
}

std::string_view planOf(const PlannedPair& pair)
{
    const PlanShape& shape = pair.lstm.plan.shape();
    return shape.training ? "training" : shape.beingWritten ? "written" : "reading";
}

/// One operation in the terms of the files.
struct Line
{
    std::string_view operation;
    int layer = 1;
    IndexRange steps; // empty: of none
    std::optional<int> subBatch; // none: of all rows
    IndexRange rows;
    int part = 0;
    std::string_view phase;
    double flops = 0;
    double earliestStart = 0;
    double start = 0;
    double finish = 0;
    int worker = 0;
    std::span<const OperationRange> needs;
};

class Lines
{
public:
    Lines(const PlannedModel& model, double unitFlops)
        : m_model(model)
        , m_unitFlops(unitFlops)
        , m_grid(model.plan, tailsOf(model.plan))
        , m_earliestEnd(sweepForward<double>(model.plan, [&](int operation, double needsEnd) {
            return needsEnd + model.plan.operations()[std::size_t(operation)].flops;
        }))
    {
    }

    int count() const { return int(m_earliestEnd.size()); }

    Line at(int index) const
    {
        const Operation& operation = m_model.plan.operations()[std::size_t(index)];
        const ScheduledOperation& when = m_model.schedule.operations[std::size_t(index)];
        const StepsPlace& place = m_grid.place(index);
        const bool tail = m_grid.isTail(place.step);
        const int subBatch = place.strip / m_grid.layers();
        const int parts = m_grid.tiers(place.strip, place.step)[std::size_t(place.tier)].parts;
        return { .operation = operationName(operation.kind),
            .layer = m_model.layersBelow + operation.layer + 1,
            .steps = operation.steps,
            .subBatch = tail ? std::nullopt : std::optional(subBatch),
            .rows = operation.rows,
            .part = tail ? subBatch * parts + place.part : place.part,
            .phase = phaseOf(operation.kind),
            .flops = operation.flops,
            .earliestStart = (m_earliestEnd[std::size_t(index)] - operation.flops) / m_unitFlops,
            .start = when.begin / m_unitFlops,
            .finish = when.end / m_unitFlops,
            .worker = when.worker,
            .needs = m_model.plan.needs(index) };
    }

private:
    static std::vector<OperationKind> tailsOf(const Plan& plan)
    {
        const Plan* const plans[] = { &plan };
        return stepsTails(plans);
    }

    const PlannedModel& m_model;
    double m_unitFlops;
    StepsGrid m_grid;
    std::vector<double> m_earliestEnd; // flops, by operation
};

template <typename Number>
void appendField(std::string& text, Number number)
{
    appendNumber(text, number);
    text += ',';
}

/// First and last; two empty fields for an empty range.
void appendRange(std::string& text, IndexRange range)
{
    if (range.count() == 0) {
        text += ",,";
        return;
    }
    appendField(text, range.begin);
    appendField(text, range.end - 1);
}

void appendNeeds(std::string& text, std::span<const OperationRange> needs)
{
    bool first = true;
    for (const OperationRange& range : needs) {
        if (!std::exchange(first, false))
            text += ' ';
        appendNumber(text, range.begin);
        if (range.end - range.begin > 1) {
            text += '-';
            appendNumber(text, range.end - 1);
        }
    }
}

void appendCsv(std::string& text, std::string_view model, const Lines& lines)
{
    for (int index = 0; index < lines.count(); ++index) {
        const Line line = lines.at(index);
        text.append(model).append(",");
        appendField(text, index);
        text.append(line.operation).append(",");
        appendField(text, line.layer);
        appendRange(text, line.steps);
        if (line.subBatch)
            appendNumber(text, *line.subBatch);
        text += ',';
        appendRange(text, line.rows);
        appendField(text, line.part);
        text.append(line.phase).append(",");
        for (const double number : { line.flops, line.earliestStart, line.start, line.finish })
            appendField(text, number);
        appendField(text, line.worker);
        appendNeeds(text, line.needs);
        text += '\n';
    }
}

Json operationJson(int index, const Line& line)
{
    Json json { { "index", index }, { "operation", line.operation }, { "layer", line.layer } };
    if (line.steps.count() > 0)
        json["steps"] = { line.steps.begin, line.steps.end - 1 };
    if (line.subBatch)
        json["sub_batch"] = *line.subBatch;
    json["rows"] = { line.rows.begin, line.rows.end - 1 };
    json["part"] = line.part;
    json["phase"] = line.phase;
    json["flops"] = line.flops;
    json["earliest_start"] = line.earliestStart;
    json["start"] = line.start;
    json["finish"] = line.finish;
    json["worker"] = line.worker;
    Json needs = Json::array();
    for (const OperationRange& range : line.needs)
        needs.push_back({ range.begin, range.end - 1 });
    json["needs"] = std::move(needs);
    return json;
}

/// Operation by operation, so that only one at a time is held as a tree.
std::string modelJson(std::string_view name, const PlannedModel& model, double unitFlops)
{
    const Json head { { "model", name }, { "strategy", strategyName(model.plan.cut().strategy) },
        { "sub_batches", model.plan.cut().subBatches }, { "layers", model.plan.shape().layers },
        { "steps", model.plan.shape().steps }, { "work", model.summary.work / unitFlops },
        { "span", model.summary.span / unitFlops }, { "parallelism", model.summary.parallelism },
        { "longest_chain", model.chain }, { "finish", model.schedule.length / unitFlops } };
    std::string text = head.dump();
    text.back() = ','; // goes on
    text += "\"operations\":[";
    const Lines lines(model, unitFlops);
    for (int index = 0; index < lines.count(); ++index)
        text.append(index > 0 ? ",\n" : "\n").append(operationJson(index, lines.at(index)).dump());
    return text + "]}";
}

} // namespace

std::string stepsCsv(const PlannedPair* pair)
{
    std::string text
        = "model,index,operation,layer,first_step,last_step,sub_batch,first_row,last_row,part,"
          "phase,flops,earliest_start,start,finish,worker,needs\n";
    if (!pair)
        return text;
    appendCsv(text, "lstm", Lines(pair->lstm, pair->unitFlops));
    appendCsv(text, "attention", Lines(pair->attention, pair->unitFlops));
    return text;
}

std::string stepsJson(const PlannedPair* pair)
{
    if (!pair)
        return "{\"models\":[]}\n";
    const Json head { { "plan", planOf(*pair) }, { "unit_flops", pair->unitFlops },
        { "workers", pair->workers }, { "rows", pair->rows } };
    std::string text = head.dump();
    text.back() = ','; // goes on
    return text + "\"models\":[" + modelJson("lstm", pair->lstm, pair->unitFlops) + ",\n"
        + modelJson("attention", pair->attention, pair->unitFlops) + "]}\n";
}

} // namespace timestep
