// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_picture.h"

#include <string>

namespace timestep {

/// The longest text whose affinities are written: four million pairs.
inline constexpr int mostTokensWritten = 2048;

/// A line for every pair that the mask leaves: layer,head (from 1), row,column (tokens of the
/// window, from 0), row_token,column_token,share and score, which is q·k ÷ √d and empty where it is
/// not kept. Throws Error for a longer text.
std::string affinityCsv(const AffinityPicture& picture);

/// {"layer","head","causal","window","tokens":[label],"affinity":[T][T],"scores":[T][T]}, all
/// pairs, exact zeros of the affinity where masked; "scores" only where they are kept. Throws Error
/// as above.
std::string affinityJson(const AffinityPicture& picture);

} // namespace timestep
