// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/held_out.h"

#include "engine/model/random_stream.h"

#include <cassert>
#include <cstdint>

namespace timestep {

namespace {

/// FNV-1a, whose last bits depend on little of the text, mixed once more.
std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char byte : text) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001B3;
    }
    return RandomStream(hash, 0).bits(0);
}

} // namespace

DataSide sideOf(std::string_view text, int oneIn)
{
    assert(oneIn >= 0);
    if (oneIn == 0)
        return DataSide::Training;
    return hashOf(text) % static_cast<std::uint64_t>(oneIn) == 0 ? DataSide::HeldOut
                                                                 : DataSide::Training;
}

} // namespace timestep
