// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/time_stamp.h"
#include "engine/execution/trace.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace timestep {

/// What one worker writes down, alone: two time stamps an operation, into memory set aside before.
///
/// Processor time is a system call (0.2 to over 1 µs), so it is read at the end of an
/// operation, or at its begin after a wait, only where at least `cpuInterval` went by since the
/// last reading: 1,000 times the cost of one, some 0.4 ms, which keeps all that a reading costs
/// well within 0.5 % of the run; a core is lost for longer than that. What lies between two
/// readings is charged so: every operation and every gap but the last is shorter than the interval
/// and counts as computing throughout; the last gets the rest. So a wait for a core that is longer
/// than the interval shows in the operation where it happened, and a shorter one may not show at
/// all.
class LaneRecorder
{
public:
    LaneRecorder(int capacity, std::uint64_t cpuInterval);

    void enter() noexcept; // on the worker's thread, before its first operation
    void beginOperation() noexcept;
    void endOperation(int operation) noexcept;

    bool entered() const { return m_thread != 0; }
    std::int64_t thread() const { return m_thread; }
    void appendSpans(int lane, const TimeStampScale& scale, std::vector<Span>& spans) const;

private:
    struct Event
    {
        std::uint64_t begin, end; // ticks
        std::int64_t cpuNs; // since the last reading, where cpuRead
        std::int32_t operation;
        std::uint16_t cpuReadAtBegin, cpuRead;
    };
    static_assert(sizeof(Event) == 32);

    bool readingIsDue(std::uint64_t ticks) const { return ticks - m_lastReading >= m_cpuInterval; }
    std::int64_t readCpu(std::uint64_t ticks) noexcept; // ns since the last reading

    std::unique_ptr<Event[]> m_events;
    std::size_t m_count = 0;
    std::uint64_t m_cpuInterval; // ticks
    std::uint64_t m_entered = 0;
    std::uint64_t m_lastReading = 0; // ticks
    std::int64_t m_lastCpuNs = 0;
    std::int64_t m_thread = 0;
};

/// The recorders of all workers of one run.
class TraceRecorder
{
public:
    /// `operations`: most that one lane may run.
    TraceRecorder(int lanes, int operations);

    void begin() { m_begin = TimeStamp::read(); }
    LaneRecorder& lane(int lane) { return m_lanes[static_cast<std::size_t>(lane)].recorder; }

    /// After all workers have left.
    Trace finish();

private:
    struct alignas(64) Padded // neighbours write at the same time
    {
        LaneRecorder recorder;
    };
    TimeStamp::Reading m_begin;
    std::vector<Padded> m_lanes;
};

} // namespace timestep
