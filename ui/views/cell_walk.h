// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

namespace timestep {

/// How far a key moves over a picture of cells.
struct CellWalk
{
    int columns = 0;
    int rows = 0;
};

/// Arrows move by one cell, Home and End to the ends of a row of `columns` cells (clamp the
/// result).
/// @param key a Qt::Key. Any other key: none.
std::optional<CellWalk> cellWalkOf(int key, int columns);

} // namespace timestep
