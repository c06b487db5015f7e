// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/critical_path.h"

#include <algorithm>

namespace timestep {

std::vector<int> spanOfOperation(const Plan& plan, const Trace& trace)
{
    std::vector<int> spans(plan.operations().size(), -1);
    for (std::size_t span = 0; span < trace.spans.size(); ++span)
        spans[static_cast<std::size_t>(trace.spans[span].operation)] = static_cast<int>(span);
    return spans;
}

std::vector<int> neededSpans(
    const Plan& plan, const Trace& trace, const std::vector<int>& spanOfOperation, int span)
{
    std::vector<int> needed;
    for (const OperationRange& range :
        plan.needs(trace.spans[static_cast<std::size_t>(span)].operation)) {
        for (int operation = range.begin; operation < range.end; ++operation) {
            if (const int found = spanOfOperation[static_cast<std::size_t>(operation)]; found >= 0)
                needed.push_back(found);
        }
    }
    return needed;
}

std::vector<int> unblockedSpans(
    const Plan& plan, const Trace& trace, const std::vector<int>& spanOfOperation, int span)
{
    const int of = trace.spans[static_cast<std::size_t>(span)].operation;
    std::vector<int> unblocked;
    // Needs point backwards only.
    for (std::size_t later = static_cast<std::size_t>(of) + 1; later < spanOfOperation.size();
         ++later) {
        const auto needs = plan.needs(static_cast<int>(later));
        const bool waited = std::any_of(needs.begin(), needs.end(),
            [of](const OperationRange& range) { return of >= range.begin && of < range.end; });
        if (waited && spanOfOperation[later] >= 0)
            unblocked.push_back(spanOfOperation[later]);
    }
    return unblocked;
}

namespace {

/// Longest chains over operations in the order of the plan, in which needs point backwards only.
struct LongestChains
{
    std::vector<std::int64_t> length; // ns, up to and including the operation
    std::vector<int> before; // the operation before it in its chain; −1: none
};

LongestChains longestChains(
    const Plan& plan, const Trace& trace, const std::vector<int>& spans, SpanTime time)
{
    LongestChains chains { std::vector<std::int64_t>(spans.size()),
        std::vector<int>(spans.size(), -1) };
    for (std::size_t operation = 0; operation < spans.size(); ++operation) {
        std::int64_t waited = 0;
        for (const OperationRange& range : plan.needs(static_cast<int>(operation))) {
            for (int needed = range.begin; needed < range.end; ++needed) {
                const std::int64_t length = chains.length[static_cast<std::size_t>(needed)];
                if (length > waited) {
                    waited = length;
                    chains.before[operation] = needed;
                }
            }
        }
        chains.length[operation] = waited;
        if (spans[operation] >= 0) {
            const Span& span = trace.spans[static_cast<std::size_t>(spans[operation])];
            chains.length[operation]
                += time == SpanTime::Wall ? span.endNs - span.beginNs : span.cpuNs;
        }
    }
    return chains;
}

} // namespace

std::vector<int> criticalPath(const Plan& plan, const Trace& trace, SpanTime time)
{
    const std::vector<int> spans = spanOfOperation(plan, trace);
    if (spans.empty())
        return {};
    const LongestChains chains = longestChains(plan, trace, spans, time);
    const auto longest = std::max_element(chains.length.begin(), chains.length.end());
    std::vector<int> path;
    for (int operation = static_cast<int>(longest - chains.length.begin()); operation >= 0;
         operation = chains.before[static_cast<std::size_t>(operation)]) {
        if (const int span = spans[static_cast<std::size_t>(operation)]; span >= 0)
            path.push_back(span);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

} // namespace timestep
