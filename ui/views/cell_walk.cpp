// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cell_walk.h"

#include <Qt>

namespace timestep {

std::optional<CellWalk> cellWalkOf(int key, int columns)
{
    switch (key) {
    case Qt::Key_Left:
        return CellWalk { -1, 0 };
    case Qt::Key_Right:
        return CellWalk { 1, 0 };
    case Qt::Key_Up:
        return CellWalk { 0, -1 };
    case Qt::Key_Down:
        return CellWalk { 0, 1 };
    case Qt::Key_Home:
        return CellWalk { -columns, 0 };
    case Qt::Key_End:
        return CellWalk { columns, 0 };
    default:
        return std::nullopt;
    }
}

} // namespace timestep
