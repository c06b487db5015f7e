// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/packed_matrix.h"

namespace timestep {

/// The sum of 16 virtual lanes, by one fixed tree: lane j takes in lane j + 8, then j + 4, …
inline float foldLanes(const float* lanes)
{
    float sums[laneCount];
    for (int j = 0; j < laneCount; ++j)
        sums[j] = lanes[j];
    for (int half = laneCount / 2; half > 0; half /= 2)
        for (int j = 0; j < half; ++j)
            sums[j] += sums[j + half];
    return sums[0];
}

} // namespace timestep
