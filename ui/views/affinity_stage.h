// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

/// How far a head has come from its queries and keys to what it copies.
enum class AffinityStage
{
    Scores, // Q Kᵀ ÷ √d, of every pair
    Masked, // the same, of the pairs that the mask leaves
    Softmax // shares, row by row
};

} // namespace timestep
