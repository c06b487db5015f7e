// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cell_walk.h"

#include <QKeyEvent>

namespace timestep {

std::optional<CellWalk> cellWalkOf(const QKeyEvent& event, int columns, RowEnds ends)
{
    const bool toEnds = ends == RowEnds::HomeEnd || event.modifiers().testFlag(Qt::ControlModifier);
    switch (event.key()) {
    case Qt::Key_Left:
        return CellWalk { -1, 0 };
    case Qt::Key_Right:
        return CellWalk { 1, 0 };
    case Qt::Key_Up:
        return CellWalk { 0, -1 };
    case Qt::Key_Down:
        return CellWalk { 0, 1 };
    case Qt::Key_Home:
        return toEnds ? std::optional(CellWalk { -columns, 0 }) : std::nullopt;
    case Qt::Key_End:
        return toEnds ? std::optional(CellWalk { columns, 0 }) : std::nullopt;
    default:
        return std::nullopt;
    }
}

} // namespace timestep
