// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/trace_text.h"

#include "engine/measurement/critical_path.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

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
constexpr double millisecond = 1e6; // ns

std::string milliseconds(std::int64_t nanoseconds)
{
    std::array<char, 32> text {};
    std::snprintf(
        text.data(), text.size(), "%.3f ms", static_cast<double>(nanoseconds) / millisecond);
    return text.data();
}

} // namespace

std::string traceJson(const Plan& plan, const Trace& trace)
{
    Json lanes = Json::array();
    for (const Lane& lane : trace.lanes)
        lanes.push_back({ { "lane", lane.lane }, { "thread", lane.thread } });
    Json spans = Json::array();
    const std::vector<int> spanOf = spanOfOperation(plan, trace);
    for (std::size_t index = 0; index < trace.spans.size(); ++index) {
        const Span& span = trace.spans[index];
        Json object = describe(operationOf(plan, span));
        object["lane"] = span.lane;
        object["begin_ns"] = span.beginNs;
        object["end_ns"] = span.endNs;
        object["cpu_ns"] = span.cpuNs;
        object["needs"] = neededSpans(plan, trace, spanOf, static_cast<int>(index));
        spans.push_back(std::move(object));
    }
    return dumped(Json { { "lanes", std::move(lanes) }, { "spans", std::move(spans) },
        { "critical_path", criticalPath(plan, trace) } });
}

std::string traceChrome(const Plan& plan, const Trace& trace)
{
    Json events = Json::array();
    events.push_back({ { "name", "process_name" }, { "ph", "M" }, { "pid", 1 },
        { "args", { { "name", "timestep" } } } });
    for (const Lane& lane : trace.lanes) {
        events.push_back(
            { { "name", "thread_name" }, { "ph", "M" }, { "pid", 1 }, { "tid", lane.lane },
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
            { "cat", kindName(plan.shape().kind) }, { "ph", "X" }, { "pid", 1 },
            { "tid", span.lane }, { "ts", static_cast<double>(span.beginNs) / microsecond },
            { "dur", static_cast<double>(span.endNs - span.beginNs) / microsecond },
            { "args", std::move(details) } });
    }
    return dumped(Json { { "traceEvents", std::move(events) }, { "displayTimeUnit", "ns" } });
}

std::string traceSummary(const Plan& plan, const Trace& trace, const Kernels& kernels)
{
    std::int64_t end = 0;
    for (const Span& span : trace.spans)
        end = std::max(end, span.endNs);
    std::string text = "kernel " + std::string(kernels.name) + '\n'
        + std::to_string(trace.spans.size()) + " spans in " + milliseconds(end) + '\n';
    for (const Lane& lane : trace.lanes) {
        std::int64_t busy = 0, processor = 0, count = 0;
        for (const Span& span : trace.spans) {
            if (span.lane != lane.lane)
                continue;
            ++count;
            busy += span.endNs - span.beginNs;
            processor += span.cpuNs;
        }
        text += "lane " + std::to_string(lane.lane) + " (thread " + std::to_string(lane.thread)
            + "): " + std::to_string(count) + " spans, " + milliseconds(busy) + " busy, "
            + milliseconds(processor) + " of it with a core\n";
    }
    std::int64_t chain = 0;
    const std::vector<int> path = criticalPath(plan, trace);
    for (const int span : path)
        chain += trace.spans[static_cast<std::size_t>(span)].endNs
            - trace.spans[static_cast<std::size_t>(span)].beginNs;
    return text + "critical path: " + std::to_string(path.size()) + " spans, " + milliseconds(chain)
        + '\n';
}

} // namespace timestep
