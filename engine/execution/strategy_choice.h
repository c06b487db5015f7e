// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

namespace timestep {

/// How a shape is cut for running on `threads`. `Auto` is replaced by what is expected to be the
/// fastest, and `subBatches` = 0 by a number that suits; chunks and blocks are sized for the
/// caches. Throws Error for a strategy that does not suit the kind of model.
Cut executedCut(const PlanShape& shape, Strategy strategy, int subBatches, int threads);

} // namespace timestep
