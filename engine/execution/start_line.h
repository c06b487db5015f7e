// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

namespace timestep {

/// Where the threads of a run meet before they compute: oneTBB may hand several tasks to one
/// thread, but a thread that stands here takes no other. Whoever has not come after the time-out is
/// not waited for, so that a machine with threads to spare for nobody still computes.
class StartLine
{
public:
    explicit StartLine(int threads)
        : m_threads(threads)
    {
    }

    /// A number for this thread: 0 … threads − 1 in the order of arrival.
    int arrive() { return m_arrived.fetch_add(1, std::memory_order_acq_rel); }

    /// How many have come, once all have or the time is over.
    int wait(const std::stop_token& stop) const
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
        int arrived = m_arrived.load(std::memory_order_acquire);
        while (arrived < m_threads && !stop.stop_requested()
            && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
            arrived = m_arrived.load(std::memory_order_acquire);
        }
        return arrived;
    }

private:
    int m_threads;
    std::atomic<int> m_arrived { 0 };
};

} // namespace timestep
