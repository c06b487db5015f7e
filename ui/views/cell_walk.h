// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

class QKeyEvent;

namespace timestep {

/// How far a key moves over a picture of cells.
struct CellWalk
{
    int columns = 0;
    int rows = 0;
};

/// Which keys walk to the ends of a row: in a picture with a clock, Home and End are the clock's.
enum class RowEnds
{
    HomeEnd,
    ControlHomeEnd,
};

/// Arrows move by one cell, the keys of `ends` to the ends of a row of `columns` cells (clamp the
/// result). Any other key: none.
std::optional<CellWalk> cellWalkOf(const QKeyEvent& event, int columns, RowEnds ends);

} // namespace timestep
