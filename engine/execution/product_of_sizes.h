// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>

namespace timestep {

/// How many numbers an array of these dimensions has, where it stands in another: beyond an int.
inline std::size_t product(std::initializer_list<int> sizes)
{
    std::size_t result = 1;
    for (const int size : sizes)
        result *= static_cast<std::size_t>(size);
    return result;
}

} // namespace timestep
