// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

#include <vector>

namespace timestep {

// Orders of a layer's units: each gives all H unit numbers, first to last. Nothing but the values
// decides; of equals the lowest number comes first.

/// Steps whose values are compared in unitsBySimilarity: of a longer text these many, evenly spread
/// from its first step to its last, so that 512 units take tens of milliseconds.
inline constexpr int mostStepsCompared = 512;

/// Units that behave alike over the text stand beside each other: average-linkage clustering of
/// 1 − r, with r the correlation of two units over the steps, and at each merger the two clusters
/// are turned so that their most alike ends meet (Gruvaeus and Wainer, "Two additions to
/// hierarchical cluster analysis", 1972). r is 0 for a unit that never changes. Of the two
/// directions the one that begins with the lower number. values: (T, H).
std::vector<int> unitsBySimilarity(const Matrix<float>& values);

/// The longest memory first: falling mean over the steps. forget: (T, H).
std::vector<int> unitsByForgetGate(const Matrix<float>& forget);

/// The most active first: falling mean of |h| over the steps. hidden: (T, H).
std::vector<int> unitsByActivity(const Matrix<float>& hidden);

} // namespace timestep
