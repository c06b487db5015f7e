// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"
#include "engine/model/matrix.h"

#include <span>
#include <vector>

namespace timestep {

// Selecting units by what they do over a span of the text, then finding where else in the text they
// do it (Strobelt et al., "LSTMVis: A Tool for Visual Analysis of Hidden State Dynamics in
// Recurrent Neural Networks", 2018). The values are any quantity of one layer, (T, H).

/// When a unit counts as on.
struct UnitThreshold
{
    float value = 0;
    bool below = false; // on where it lies below the value, else where it lies above
    bool isOn(float unit) const { return below ? unit < value : unit > value; }
};

/// Units that are on at every step of `span` (not empty, within the text), ascending. `onlyThere`:
/// and are off at the step before it and at the step after it, where there are such steps.
std::vector<int> unitsOn(
    const Matrix<float>& values, IndexRange span, UnitThreshold threshold, bool onlyThere);

/// (T): how many of `units` are on at each step.
std::vector<int> countsOn(
    const Matrix<float>& values, std::span<const int> units, UnitThreshold threshold);

/// The longest spans at whose every step at least `least` units are on, in the order of the text,
/// without the steps of `except`. countsOn: (T); least ≥ 1.
std::vector<IndexRange> spansOn(std::span<const int> countsOn, int least, IndexRange except);

/// Units that are a `share` (0 … 1) of `units`, rounded up, and at least one.
int leastOf(int units, double share);

} // namespace timestep
