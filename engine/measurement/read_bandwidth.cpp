// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/read_bandwidth.h"

#include "engine/measurement/together.h"

#include <atomic>
#include <numeric>

namespace timestep {

// Written once: pages that nobody wrote would all be the same one.
ReadBandwidth::ReadBandwidth(std::size_t bytes)
    : m_words(bytes / sizeof(std::uint64_t), 1)
{
}

double ReadBandwidth::gigabytesPerSecond(int threads) const
{
    std::atomic<std::uint64_t> sum = 0; // keeps the reads from being left out
    const std::size_t count = m_words.size() / static_cast<std::size_t>(threads);
    const double nanoseconds = nanosecondsTogether(threads, [&](std::size_t index, auto) {
        const std::uint64_t* first = m_words.data() + index * count;
        sum += std::accumulate(first, first + count, std::uint64_t { 0 });
    });
    const std::size_t read = count * static_cast<std::size_t>(threads) * sizeof(std::uint64_t);
    return sum > 0 ? static_cast<double>(read) / nanoseconds : 0;
}

} // namespace timestep
