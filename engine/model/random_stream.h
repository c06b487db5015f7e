// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace timestep {

/// Random numbers by their place: number k of stream s under a seed is the same on every machine,
/// in whatever order it is asked for. (The standard library's distributions differ between
/// libraries.)
class RandomStream
{
public:
    RandomStream(std::uint64_t seed, std::uint64_t stream);

    /// 64 bits: SplitMix64 of the place (Steele, Lea and Flood, "Fast splittable pseudorandom
    /// number generators", 2014).
    std::uint64_t bits(std::uint64_t place) const;

    /// Evenly spread over [−1, 1).
    double uniform(std::uint64_t place) const;

    /// Mean 0, variance 1, within ±6: the sum of twelve even numbers, which needs no logarithm and
    /// so no mathematical library that rounds in its own way.
    double normal(std::uint64_t place) const;

private:
    std::uint64_t m_start;
};

} // namespace timestep
