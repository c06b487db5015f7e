// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/random_draws.h"

#include <cassert>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

/// The initial weights take the streams of the seed itself, from 0 on.
constexpr std::uint64_t firstPurpose = std::uint64_t { 1 } << 32;

std::uint64_t seedFor(DrawPurpose purpose, std::uint64_t seed)
{
    return RandomStream(seed, firstPurpose + static_cast<std::uint64_t>(purpose)).bits(0);
}

} // namespace

RandomDraws::RandomDraws(std::uint64_t seed, DrawPurpose purpose, std::uint64_t number)
    : m_stream(seedFor(purpose, seed), number)
{
}

std::uint64_t RandomDraws::below(std::uint64_t limit)
{
    assert(limit > 0);
    return bits() % limit;
}

std::vector<std::uint32_t> shuffled(std::uint32_t count, RandomDraws& draws)
{
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint32_t left = count; left > 1; --left)
        std::swap(order[left - 1], order[draws.below(left)]);
    return order;
}

} // namespace timestep
