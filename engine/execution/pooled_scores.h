// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/pooled_affinities.h"

namespace timestep {

/// Which pairs count: all, or those that the mask leaves.
enum class ScorePairs
{
    All,
    Seen
};

/// A part of a head's scores q·k ÷ √d as an image: each pixel gets the score farthest from 0 of the
/// pairs under it, or not a number where none counts. Never more than a tile of it exists at once.
/// Empty when stopped, which is asked at every tile, and where scores are not kept.
std::optional<Matrix<float>> pooledScores(const Affinities& affinities, HeadIndex head,
    const CellsUnderPixels& cells, ScorePairs pairs, const std::stop_token& stop = {});

} // namespace timestep
