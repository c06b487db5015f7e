// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/lane_timeline.h"

#include <algorithm>
#include <utility>

namespace timestep {

double LaneTotals::coresBusy(int cores) const
{
    const int carrying = std::min(lanes, cores);
    return carrying > 0 && lengthNs > 0 ? of(LaneState::Work) / (carrying * lengthNs) : 0;
}

LaneTotals& LaneTotals::operator+=(const LaneTotals& other)
{
    lengthNs = std::max(lengthNs, other.lengthNs);
    lanes += other.lanes;
    for (std::size_t state = 0; state < ns.size(); ++state)
        ns[state] += other.ns[state];
    return *this;
}

LaneTimeline::LaneTimeline(std::vector<LaneInterval> intervals)
    : m_intervals(std::move(intervals))
{
    Sums sums;
    m_blocks.reserve(m_intervals.size() / blockSize + 1);
    m_blockEnds.reserve(m_intervals.size() / blockSize + 1);
    for (std::size_t index = 0; index < m_intervals.size(); ++index) {
        const LaneInterval& interval = m_intervals[index];
        if (index % blockSize == 0) {
            m_blocks.push_back(sums);
            m_blockEnds.push_back(interval.endNs);
        }
        m_blockEnds.back() = interval.endNs;
        add(sums, interval, static_cast<double>(interval.beginNs),
            static_cast<double>(interval.endNs));
    }
}

void LaneTimeline::add(Sums& sums, const LaneInterval& interval, double beginNs, double endNs)
{
    const double length = endNs - beginNs;
    if (interval.state != LaneState::Work) {
        sums.ns[static_cast<std::size_t>(interval.state)] += length;
        return;
    }
    const double wall = static_cast<double>(interval.endNs - interval.beginNs);
    const double work = wall > 0 ? length * static_cast<double>(interval.cpuNs) / wall : 0;
    sums.ns[static_cast<std::size_t>(LaneState::Work)] += work;
    sums.ns[static_cast<std::size_t>(LaneState::WaitingForCore)] += length - work;
    ++sums.spans;
}

LaneTimeline::Sums LaneTimeline::before(std::size_t index, double ns) const
{
    if (m_intervals.empty())
        return {};
    const std::size_t block = std::min(index / blockSize, m_blocks.size() - 1);
    Sums sums = m_blocks[block];
    for (std::size_t i = block * blockSize; i < index; ++i) {
        const LaneInterval& interval = m_intervals[i];
        add(sums, interval, static_cast<double>(interval.beginNs),
            static_cast<double>(interval.endNs));
    }
    if (index < m_intervals.size() && static_cast<double>(m_intervals[index].beginNs) < ns) {
        const LaneInterval& cut = m_intervals[index];
        add(sums, cut, static_cast<double>(cut.beginNs), ns);
    }
    return sums;
}

std::size_t LaneTimeline::firstEndingAfter(double ns, std::size_t from) const
{
    // In steps that double, so that what is near is found soon.
    const auto ends = [ns](std::int64_t endNs) { return static_cast<double>(endNs) <= ns; };
    std::size_t low = std::min(from / blockSize, m_blockEnds.size());
    std::size_t step = 1;
    while (low + step <= m_blockEnds.size() && ends(m_blockEnds[low + step - 1])) {
        low += step;
        step *= 2;
    }
    const auto blocks = m_blockEnds.begin();
    const std::size_t high = std::min(low + step, m_blockEnds.size());
    const auto block
        = static_cast<std::size_t>(std::partition_point(blocks + static_cast<std::ptrdiff_t>(low),
                                       blocks + static_cast<std::ptrdiff_t>(high), ends)
            - blocks);
    const auto begin = m_intervals.begin();
    const std::size_t last = std::min((block + 1) * blockSize, m_intervals.size());
    const std::size_t first = std::min(std::max(from, block * blockSize), last);
    return static_cast<std::size_t>(
        std::partition_point(begin + static_cast<std::ptrdiff_t>(first),
            begin + static_cast<std::ptrdiff_t>(last),
            [&ends](const LaneInterval& interval) { return ends(interval.endNs); })
        - begin);
}

LaneTotals LaneTimeline::totals(double beginNs, double endNs) const
{
    return LaneCursor(*this, beginNs).moveTo(endNs);
}

int LaneTimeline::spansBetween(std::size_t first, std::size_t last) const
{
    const double never = -1;
    return before(last, never).spans - before(first, never).spans;
}

LaneCursor::LaneCursor(const LaneTimeline& lane, double ns)
    : m_lane(&lane)
    , m_ns(ns)
    , m_index(lane.firstEndingAfter(ns))
    , m_before(lane.before(m_index, ns))
{
}

LaneTotals LaneCursor::moveTo(double ns)
{
    LaneTotals totals;
    totals.lanes = 1;
    if (ns <= m_ns)
        return totals;
    totals.lengthNs = ns - m_ns;
    m_index = m_lane->firstEndingAfter(ns, m_index);
    const LaneTimeline::Sums before = std::exchange(m_before, m_lane->before(m_index, ns));
    m_ns = ns;
    double busy = 0;
    for (std::size_t state = 0; state < totals.ns.size(); ++state) {
        totals.ns[state] = std::max(0.0, m_before.ns[state] - before.ns[state]);
        busy += totals.ns[state];
    }
    totals.ns[static_cast<std::size_t>(LaneState::NothingToDo)]
        = std::max(0.0, totals.lengthNs - busy);
    return totals;
}

int LaneCursor::spansBegun() const { return m_before.spans; }

std::size_t LaneTimeline::bytes() const
{
    return m_intervals.capacity() * sizeof(LaneInterval) + m_blocks.capacity() * sizeof(Sums)
        + m_blockEnds.capacity() * sizeof(std::int64_t);
}

} // namespace timestep
