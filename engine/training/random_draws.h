// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/random_stream.h"

#include <cstdint>
#include <vector>

namespace timestep {

/// What random numbers are drawn for: each has streams of its own under one seed. New ones go to
/// the end, or what a seed stands for would change.
enum class DrawPurpose
{
    RecallPrompt,
    TextEpoch,
    Dropout, // one number for each training step
    RecallCell,
    RepeatedTokens
};

/// Random whole numbers, one after the other: for choices that take nobody knows how many of them.
/// The same on every machine for a seed, a purpose and a number (of the prompt, of the epoch).
class RandomDraws
{
public:
    RandomDraws(std::uint64_t seed, DrawPurpose purpose, std::uint64_t number);

    std::uint64_t bits() { return m_stream.bits(m_drawn++); } // all 64

    /// 0 … limit − 1 (limit > 0), evenly spread but for limit ÷ 2⁶⁴.
    std::uint64_t below(std::uint64_t limit);

private:
    RandomStream m_stream;
    std::uint64_t m_drawn = 0;
};

/// 0 … count − 1, each order equally likely (Durstenfeld, "Algorithm 235", 1964).
std::vector<std::uint32_t> shuffled(std::uint32_t count, RandomDraws& draws);

} // namespace timestep
