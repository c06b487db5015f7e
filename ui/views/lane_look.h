// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/lane_states.h"
#include "engine/model/model_shape.h"

#include <QColor>
#include <QLineF>
#include <QRectF>
#include <QString>

#include <vector>

namespace timestep {

struct Theme;

/// How the hatch of a state runs.
enum class Hatch
{
    None,
    Diagonal,
    Vertical,
    Horizontal
};

/// A state in one theme and in the colours of one model: told apart by the hatch as well.
struct StateLook
{
    QColor fill;
    QColor ink; // of the hatch
    QColor text; // legible on fill
    Hatch hatch = Hatch::None;
};

StateLook stateLook(LaneState state, ModelKind kind, const Theme& theme);
QString stateName(LaneState state); // "work", "waiting for a core", …

/// The lines that hatch an area, cut at its edges: as sharp on paper as on a screen. Neighbouring
/// areas join, since lines lie where the whole picture has them.
void addHatch(Hatch hatch, const QRectF& area, std::vector<QLineF>& lines);

} // namespace timestep
