// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"

#include <vector>

namespace timestep {

/// The cells under each of `pixels` pixels of one side of a picture that shows `extent` cells from
/// `first` on, cut to `count` cells: all a pixel touches where cells are smaller than it, else the
/// one under its middle.
std::vector<IndexRange> cellsUnderPixels(double first, double extent, int pixels, int count);

} // namespace timestep
