// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/lane_states.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace timestep {

/// How long workers were in each state during some part of a run.
struct LaneTotals
{
    double lengthNs = 0; // of that part
    int lanes = 0;
    std::array<double, laneStateCount> ns {}; // of all lanes together; they sum to lanes · length

    double of(LaneState state) const { return ns[static_cast<std::size_t>(state)]; }
    /// Of the time of all lanes, 0 … 1.
    double share(LaneState state) const
    {
        return lanes > 0 && lengthNs > 0 ? of(state) / (lanes * lengthNs) : 0;
    }
    /// Processor time of the operations ÷ what the cores that carried the lanes could have given.
    double coresBusy(int cores) const;
    LaneTotals& operator+=(const LaneTotals& other); // another lane of the same part
};

/// What one worker did, to be asked for any part of the run: totals in O(log intervals), so that a
/// picture of a million of them costs what its pixels cost.
class LaneTimeline
{
public:
    LaneTimeline() = default;
    /// Ascending, without overlap; between them there is nothing to do.
    explicit LaneTimeline(std::vector<LaneInterval> intervals);

    std::span<const LaneInterval> intervals() const { return m_intervals; }
    /// Index of the first interval that ends after `ns`; their number where there is none.
    std::size_t firstEndingAfter(double ns) const { return firstEndingAfter(ns, 0); }
    /// The same among those from `from` on, quick where it is near.
    std::size_t firstEndingAfter(double ns, std::size_t from) const;
    /// Of one lane. Where a span is cut, its processor time is spread evenly over it: when its
    /// thread had no core is not recorded.
    LaneTotals totals(double beginNs, double endNs) const;
    int spansBetween(std::size_t first, std::size_t last) const; // of intervals [first, last)
    std::size_t bytes() const;

private:
    friend class LaneCursor;
    static constexpr std::size_t blockSize = 16; // summed up together: little memory, short scans
    struct Sums
    {
        std::array<double, laneStateCount> ns {}; // NothingToDo: stays 0
        int spans = 0;
    };
    static void add(Sums& sums, const LaneInterval& interval, double beginNs, double endNs);
    /// Of all before an interval, and of what it has before `ns`.
    Sums before(std::size_t index, double ns) const;

    std::vector<LaneInterval> m_intervals;
    std::vector<Sums> m_blocks; // of all intervals before each block
    std::vector<std::int64_t> m_blockEnds; // ns, of the last interval of each block: what is
                                           // searched first, as it stays in the cache
};

/// Walks over a lane from moment to moment: as totals of neighbouring parts, each with one search
/// nearby.
class LaneCursor
{
public:
    LaneCursor(const LaneTimeline& lane, double ns);

    /// The first interval that ends after where it stands.
    std::size_t index() const { return m_index; }
    /// Of the time up to there.
    LaneTotals moveTo(double ns);
    /// Spans that begin before where it stands, since the lane began.
    int spansBegun() const;

private:
    const LaneTimeline* m_lane;
    double m_ns;
    std::size_t m_index;
    LaneTimeline::Sums m_before;
};

} // namespace timestep
