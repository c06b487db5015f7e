// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

namespace timestep {

/// How a shape is cut for running on `threads`; chunks and blocks are sized for the caches.
///
/// `Auto` becomes what is expected to be the fastest. With as many sub-batches as threads (or
/// more): sub-batch, for attention only where they share out evenly, else query-block. With fewer:
/// an LSTM splits its hidden units if a step does enough arithmetic to be worth a barrier, else it
/// runs the sub-batches there are, or with one row its layers as a wavefront; attention runs blocks
/// of queries. A single new step has neither wavefront nor blocks: one row of it is sequential,
/// unless its hidden units, or the heads that look at a long text, are worth splitting. One thread
/// runs the sub-batches asked for, or everything in one piece. Attention trains by rows alone.
/// `subBatches` = 0: one a thread where rows are split, one where anything else is. Another number
/// is kept by a strategy that was named and, since the bits depend on it, in training.
Cut executedCut(const PlanShape& shape, Strategy strategy, int subBatches, int threads);

/// The same cut in operations as small as any strategy allows: single steps of an LSTM, as many
/// positions of attention as keys are packed beside each other.
Cut smallestOperations(Cut cut);

} // namespace timestep
