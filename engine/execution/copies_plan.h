// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

namespace timestep {

/// Training of separate copies: each of the sub-batches of `shape`'s rows goes through a whole
/// training step of its own, of a copy of its own, in one task; then, where `averages`, the copies
/// become their mean, in as many slices as copies. Rows are numbered over the whole batch. No copy
/// changes before the gradients of all are known.
Plan makeCopiesPlan(const PlanShape& shape, int copies, bool averages);

/// The plan of one copy, of `rows` rows.
Plan planOfCopy(const PlanShape& shape, int rows);

} // namespace timestep
