// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/trace_recorder.h"

#if defined(__linux__)
#include <unistd.h>
#endif

#include <algorithm>
#include <ctime>
#include <functional>
#include <thread>

namespace timestep {

namespace {

std::int64_t threadCpuNs() noexcept
{
    timespec time {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::int64_t threadId() noexcept
{
#if defined(__linux__)
    return gettid();
#else
    return static_cast<std::int64_t>(std::hash<std::thread::id>()(std::this_thread::get_id()) >> 1)
        + 1;
#endif
}

/// Ticks that one reading of the processor time takes: the least of some, undisturbed.
std::uint64_t readingCost()
{
    std::uint64_t cost = ~std::uint64_t { 0 };
    for (int attempt = 0; attempt < 10; ++attempt) {
        const std::uint64_t begin = TimeStamp::now();
        threadCpuNs();
        cost = std::min(cost, TimeStamp::now() - begin);
    }
    return cost;
}

} // namespace

LaneRecorder::LaneRecorder(int capacity, std::uint64_t cpuInterval)
    // Written once here: the first touch of a page within the run would cost more than the events
    // on it.
    : m_events(std::make_unique<Event[]>(static_cast<std::size_t>(capacity)))
    , m_cpuInterval(cpuInterval)
{
}

void LaneRecorder::enter() noexcept
{
    m_thread = threadId();
    m_entered = TimeStamp::now();
    readCpu(m_entered);
}

std::int64_t LaneRecorder::readCpu(std::uint64_t ticks) noexcept
{
    const std::int64_t before = m_lastCpuNs;
    m_lastCpuNs = threadCpuNs();
    m_lastReading = ticks;
    return m_lastCpuNs - before;
}

void LaneRecorder::beginOperation() noexcept
{
    Event& event = m_events[m_count];
    event.begin = TimeStamp::now();
    event.cpuReadAtBegin = readingIsDue(event.begin) ? 1 : 0;
    if (event.cpuReadAtBegin != 0) {
        readCpu(event.begin);
        event.begin = TimeStamp::now();
    }
}

void LaneRecorder::endOperation(int operation) noexcept
{
    Event& event = m_events[m_count++];
    event.end = TimeStamp::now();
    event.operation = operation;
    event.cpuRead = readingIsDue(event.end) ? 1 : 0;
    event.cpuNs = event.cpuRead != 0 ? readCpu(event.end) : 0;
}

void LaneRecorder::appendSpans(
    int lane, const TimeStampScale& scale, std::vector<Span>& spans) const
{
    std::uint64_t lastReading = m_entered;
    for (std::size_t index = 0; index < m_count; ++index) {
        const Event& event = m_events[index];
        if (event.cpuReadAtBegin != 0)
            lastReading = event.begin;
        Span span;
        span.operation = event.operation;
        span.lane = lane;
        span.beginNs = scale.nsSinceBegin(event.begin);
        span.endNs = scale.nsSinceBegin(event.end);
        span.cpuNs = span.endNs - span.beginNs;
        if (event.cpuRead != 0) {
            const std::int64_t before = scale.nsBetween(lastReading, event.begin);
            span.cpuNs = std::clamp<std::int64_t>(event.cpuNs - before, 0, span.cpuNs);
            lastReading = event.end;
        }
        spans.push_back(span);
    }
}

TraceRecorder::TraceRecorder(int lanes, int operations)
{
    constexpr std::uint64_t readingsPerBudget = 1000; // 0.1 %, and as much again for cold caches
    static const std::uint64_t cost
        = readingCost(); // of this machine: as long as a short run's steps
    const std::uint64_t cpuInterval = readingsPerBudget * cost;
    m_lanes.reserve(static_cast<std::size_t>(lanes));
    for (int lane = 0; lane < lanes; ++lane)
        m_lanes.push_back({ LaneRecorder(operations, cpuInterval) });
}

Trace TraceRecorder::finish()
{
    const TimeStampScale scale(m_begin, TimeStamp::read());
    Trace trace;
    for (const Padded& padded : m_lanes) {
        if (!padded.recorder.entered())
            continue;
        const int lane = static_cast<int>(trace.lanes.size());
        trace.lanes.push_back({ lane, padded.recorder.thread() });
        padded.recorder.appendSpans(lane, scale, trace.spans);
    }
    std::stable_sort(trace.spans.begin(), trace.spans.end(),
        [](const Span& a, const Span& b) { return a.beginNs < b.beginNs; });
    return trace;
}

} // namespace timestep
