// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace timestep {

/// How fast this machine reads from memory: the other limit of a roofline, beside the peak of its
/// arithmetic (Williams, Waterman, Patterson, 2009). Holds more than any usual cache.
class ReadBandwidth
{
public:
    explicit ReadBandwidth(std::size_t bytes = std::size_t { 128 } << 20U);

    /// All of it read once, `threads` threads each a part, in GB/s.
    double gigabytesPerSecond(int threads) const;

private:
    std::vector<std::uint64_t> m_words;
};

} // namespace timestep
