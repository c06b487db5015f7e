// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/trace_summary.h"

#include "engine/measurement/critical_path.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace timestep {

namespace {

constexpr double millisecond = 1e6; // ns

std::string milliseconds(std::int64_t nanoseconds)
{
    std::array<char, 32> text {};
    std::snprintf(
        text.data(), text.size(), "%.3f ms", static_cast<double>(nanoseconds) / millisecond);
    return text.data();
}

} // namespace

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
