// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <queue>

#include <algorithm>
#include <utility>
#include <vector>

namespace timestep {

// Two sweeps over the needs of a plan in near-linear time: a need on a range of operations is never
// expanded into one edge per operation of the range.

/// The needs of a plan listed by where their range ends.
class NeedsByEnd
{
public:
    explicit NeedsByEnd(const Plan& plan)
        : m_first(plan.operations().size() + 1, -1)
    {
        const int count = static_cast<int>(plan.operations().size());
        for (int operation = 0; operation < count; ++operation) {
            for (const OperationRange& need : plan.needs(operation)) {
                int& first = m_first[static_cast<std::size_t>(need.end)];
                m_links.push_back({ operation, need.begin, first });
                first = static_cast<int>(m_links.size()) - 1;
            }
        }
    }

    /// visit(operation that needs, begin of the range) for every range that ends before `end`.
    template <typename Visit> void forEach(int end, Visit&& visit) const
    {
        for (int link = m_first[static_cast<std::size_t>(end)]; link >= 0;) {
            const Link& found = m_links[static_cast<std::size_t>(link)];
            visit(found.operation, found.begin);
            link = found.next;
        }
    }

private:
    struct Link
    {
        int operation, begin, next;
    };
    std::vector<int> m_first;
    std::vector<Link> m_links;
};

/// From the first operation to the last: value of an operation = step(operation, largest value
/// among its needs, Value() where it has none). Values are not negative. Suffix maxima of the
/// values so far stand on a stack, so that a range is one binary search.
template <typename Value, typename Step>
std::vector<Value> sweepForward(const Plan& plan, Step&& step)
{
    const int count = static_cast<int>(plan.operations().size());
    const NeedsByEnd needs(plan);
    std::vector<Value> values(static_cast<std::size_t>(count));
    std::vector<Value> largestNeed(static_cast<std::size_t>(count));
    std::vector<std::pair<int, Value>> suffixMaxima; // falling values at rising operations
    for (int operation = 0; operation < count; ++operation) {
        const auto index = static_cast<std::size_t>(operation);
        values[index] = step(operation, largestNeed[index]);
        while (!suffixMaxima.empty() && suffixMaxima.back().second <= values[index])
            suffixMaxima.pop_back();
        suffixMaxima.emplace_back(operation, values[index]);
        needs.forEach(operation + 1, [&](int needing, int begin) {
            const auto found = std::lower_bound(suffixMaxima.begin(), suffixMaxima.end(), begin,
                [](const auto& entry, int bound) { return entry.first < bound; });
            Value& largest = largestNeed[static_cast<std::size_t>(needing)];
            largest = std::max(largest, found->second);
        });
    }
    return values;
}

/// From the last operation to the first: value of an operation = step(operation, largest value
/// among those that need it, Value() where none does). Values are not negative. The ranges over the
/// current operation lie in a heap, largest value on top.
template <typename Value, typename Step>
std::vector<Value> sweepBackward(const Plan& plan, Step&& step)
{
    const int count = static_cast<int>(plan.operations().size());
    const NeedsByEnd needs(plan);
    std::vector<Value> values(static_cast<std::size_t>(count));
    std::priority_queue<std::pair<Value, int>> open; // value, begin of its range
    for (int operation = count - 1; operation >= 0; --operation) {
        needs.forEach(operation + 1, [&](int needing, int begin) {
            open.emplace(values[static_cast<std::size_t>(needing)], begin);
        });
        while (!open.empty() && open.top().second > operation)
            open.pop();
        values[static_cast<std::size_t>(operation)]
            = step(operation, open.empty() ? Value() : open.top().first);
    }
    return values;
}

} // namespace timestep
