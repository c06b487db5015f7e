// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_scene.h"

#include <QRegion>

#include <optional>

namespace timestep {

/// What must be painted again when the clock goes from one time to another: the cells whose look
/// changes, with the arrows to their right. None: so much changes that all is painted sooner.
std::optional<QRegion> changedCells(const StepsScene& scene, double from, double to);

} // namespace timestep
