// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace timestep {

/// A clock for traces: ticks in a few ns. The time stamp counter where the processor keeps one that
/// runs evenly on all cores, else the steady clock in ns.
class TimeStamp
{
public:
    /// Ticks now: all that this thread did before is done.
    static std::uint64_t now() noexcept;

    /// Both clocks read at one moment.
    struct Reading
    {
        std::uint64_t ticks = 0;
        std::int64_t steadyNs = 0;
    };
    static Reading read() noexcept;
};

/// Turns ticks into ns, from the two clocks read at the begin and at the end of a run.
class TimeStampScale
{
public:
    TimeStampScale(TimeStamp::Reading begin, TimeStamp::Reading end);
    /// Between two stamps, or since the begin.
    std::int64_t nsBetween(std::uint64_t begin, std::uint64_t end) const
    {
        return nsSinceBegin(end) - nsSinceBegin(begin);
    }
    std::int64_t nsSinceBegin(std::uint64_t ticks) const;

private:
    std::uint64_t m_begin;
    double m_nsPerTick;
};

} // namespace timestep
