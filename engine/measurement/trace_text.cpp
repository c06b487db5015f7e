// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/trace_text.h"

#include "engine/measurement/critical_path.h"
#include "engine/measurement/csv_field.h"

#include <nlohmann/json.hpp>

namespace timestep {

namespace {

using Json = nlohmann::ordered_json;

/// First and last, both included; absent where the field does not apply.
void addRange(Json& object, const char* name, const IndexRange& range)
{
    if (range.count() > 0)
        object[name] = { range.begin, range.end - 1 };
}

Json describe(const Operation& operation)
{
    Json object { { "operation", operationName(operation.kind) }, { "layer", operation.layer } };
    addRange(object, "steps", operation.steps);
    addRange(object, "rows", operation.rows);
    addRange(object, "heads", operation.heads);
    addRange(object, "units", operation.units);
    addRange(object, "parameters", operation.parameters);
    return object;
}

const Operation& operationOf(const Plan& plan, const Span& span)
{
    return plan.operations()[static_cast<std::size_t>(span.operation)];
}

std::string dumped(const Json& json) { return json.dump() + '\n'; }

constexpr double microsecond = 1e3; // ns

/// Adds lanes, spans and critical path.
void addTrace(Json& object, const Plan& plan, const Trace& trace)
{
    Json lanes = Json::array();
    for (const Lane& lane : trace.lanes)
        lanes.push_back({ { "lane", lane.lane }, { "thread", lane.thread } });
    Json spans = Json::array();
    const std::vector<int> spanOf = spanOfOperation(plan, trace);
    for (std::size_t index = 0; index < trace.spans.size(); ++index) {
        const Span& span = trace.spans[index];
        Json described = describe(operationOf(plan, span));
        described["lane"] = span.lane;
        described["begin_ns"] = span.beginNs;
        described["end_ns"] = span.endNs;
        described["cpu_ns"] = span.cpuNs;
        described["needs"] = neededSpans(plan, trace, spanOf, static_cast<int>(index));
        spans.push_back(std::move(described));
    }
    object["lanes"] = std::move(lanes);
    object["spans"] = std::move(spans);
    object["critical_path"] = criticalPath(plan, trace);
}

void addEvents(Json& events, const NamedTrace& run, int process)
{
    const Plan& plan = *run.plan;
    const Trace& trace = *run.trace;
    events.push_back({ { "name", "process_name" }, { "ph", "M" }, { "pid", process },
        { "args", { { "name", run.name } } } });
    for (const Lane& lane : trace.lanes) {
        events.push_back(
            { { "name", "thread_name" }, { "ph", "M" }, { "pid", process }, { "tid", lane.lane },
                { "args",
                    { { "name",
                        "worker " + std::to_string(lane.lane) + " (thread "
                            + std::to_string(lane.thread) + ")" } } } });
    }
    for (const Span& span : trace.spans) {
        const Operation& operation = operationOf(plan, span);
        Json details = describe(operation);
        details["cpu_us"] = static_cast<double>(span.cpuNs) / microsecond;
        events.push_back({ { "name", operationName(operation.kind) },
            { "cat", kindName(plan.shape().kind) }, { "ph", "X" }, { "pid", process },
            { "tid", span.lane }, { "ts", static_cast<double>(span.beginNs) / microsecond },
            { "dur", static_cast<double>(span.endNs - span.beginNs) / microsecond },
            { "args", std::move(details) } });
    }
}

/// Of a CSV line, each with the comma in front: first and last, both included.
std::string rangeFields(const IndexRange& range)
{
    if (range.count() <= 0)
        return ",,";
    return ',' + std::to_string(range.begin) + ',' + std::to_string(range.end - 1);
}

} // namespace

std::string traceJson(const Plan& plan, const Trace& trace)
{
    Json object;
    addTrace(object, plan, trace);
    return dumped(object);
}

std::string traceChrome(const Plan& plan, const Trace& trace)
{
    const NamedTrace run { "timestep", &plan, &trace };
    return tracesChrome({ &run, 1 });
}

std::string tracesJson(std::span<const NamedTrace> runs)
{
    Json all = Json::array();
    for (const NamedTrace& run : runs) {
        const Plan& plan = *run.plan;
        Json object { { "name", run.name }, { "model", kindName(plan.shape().kind) },
            { "rows", plan.shape().rows }, { "sub_batches", plan.cut().subBatches },
            { "strategy", strategyName(plan.cut().strategy) } };
        addTrace(object, plan, *run.trace);
        all.push_back(std::move(object));
    }
    return dumped(Json { { "runs", std::move(all) } });
}

std::string tracesChrome(std::span<const NamedTrace> runs)
{
    Json events = Json::array();
    int process = 0;
    for (const NamedTrace& run : runs)
        addEvents(events, run, ++process);
    return dumped(Json { { "traceEvents", std::move(events) }, { "displayTimeUnit", "ns" } });
}

std::string tracesCsv(std::span<const NamedTrace> runs)
{
    std::string text
        = "run,model,batch,operation,layer,first_step,last_step,first_row,last_row,first_head,"
          "last_head,first_unit,last_unit,lane,begin_ns,end_ns,cpu_ns\n";
    for (const NamedTrace& run : runs) {
        const Plan& plan = *run.plan;
        const std::string begin = csvField(run.name) + ','
            + std::string(kindName(plan.shape().kind)) + ',' + std::to_string(plan.shape().rows)
            + ',';
        for (const Span& span : run.trace->spans) {
            const Operation& operation = operationOf(plan, span);
            text += begin + std::string(operationName(operation.kind)) + ','
                + std::to_string(operation.layer) + rangeFields(operation.steps)
                + rangeFields(operation.rows) + rangeFields(operation.heads)
                + rangeFields(operation.units) + ',' + std::to_string(span.lane) + ','
                + std::to_string(span.beginNs) + ',' + std::to_string(span.endNs) + ','
                + std::to_string(span.cpuNs) + '\n';
        }
    }
    return text;
}

} // namespace timestep
