// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/random_stream.h"

namespace timestep {

namespace {

constexpr std::uint64_t goldenGamma = 0x9E3779B97F4A7C15;

std::uint64_t mixed(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

} // namespace

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t stream)
    : m_start(mixed(mixed(seed + goldenGamma) + (stream + 1) * goldenGamma))
{
}

std::uint64_t RandomStream::bits(std::uint64_t place) const
{
    return mixed(m_start + (place + 1) * goldenGamma);
}

double RandomStream::uniform(std::uint64_t place) const
{
    return static_cast<double>(bits(place) >> 11) * 0x1p-52 - 1;
}

double RandomStream::normal(std::uint64_t place) const
{
    // Twelve 16-bit numbers out of three words. A sum of integers is exact in any order.
    std::uint64_t sum = 0;
    for (std::uint64_t word = 0; word < 3; ++word) {
        const std::uint64_t four = bits(3 * place + word);
        for (int shift = 0; shift < 64; shift += 16)
            sum += (four >> shift) & 0xFFFF;
    }
    return (static_cast<double>(sum) + 6) * 0x1p-16 - 6; // each is its middle: (n + ½) / 65536
}

} // namespace timestep
