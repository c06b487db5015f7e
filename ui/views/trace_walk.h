// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/cell_walk.h"
#include "ui/views/trace_scene.h"

#include <optional>

namespace timestep {

/// Where a walk begins: the first span of any lane that ends after `ms`. None where there is none.
std::optional<ShownSpan> firstSpan(const TraceScene& scene, double ms);

/// From one span to another: columns along its lane, rows to other lanes that have spans, there to
/// the one that ran at the same time or the next best.
ShownSpan walkedSpan(const TraceScene& scene, const ShownSpan& from, const CellWalk& by);

} // namespace timestep
