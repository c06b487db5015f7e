// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace timestep {

/// Runs work(index, begin) on `threads` threads at once, the caller's among them. `begin` is when
/// the last of them has come. Returns the nanoseconds from then until the last one is done.
template <typename Work>
double nanosecondsTogether(int threads, const Work& work)
{
    using Clock = std::chrono::steady_clock;
    std::atomic<int> waiting = threads;
    std::atomic<Clock::time_point> begin = Clock::time_point();
    std::vector<Clock::time_point> ends(static_cast<std::size_t>(threads));
    const auto run = [&](std::size_t index) {
        if (--waiting == 0)
            begin = Clock::now();
        while (begin.load() == Clock::time_point())
            std::this_thread::yield();
        work(index, begin.load());
        ends[index] = Clock::now();
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t index = 1; index < ends.size(); ++index)
            others.emplace_back(run, index);
        run(0);
    }
    const Clock::time_point end = *std::max_element(ends.begin(), ends.end());
    return std::chrono::duration<double, std::nano>(end - begin.load()).count();
}

} // namespace timestep
