// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"

#include <cstddef>

namespace timestep {

/// What it costs that several workers train one model.
struct Consolidation
{
    std::size_t bytesMoved = 0; // bytesMoved(plan)
    double share = 0; // consolidationShare(plan, trace)
};

/// Bytes of a training step that a worker reads or writes only because others have a part in it.
/// Computed from the plan, with S sub-batches, n slices, L layers, 4 bytes a number:
///   reduction      (S + 1) for each parameter that is summed: S are read, the sum is written
///   averaging      2 S for each parameter that is averaged
///   hidden-split   5 L B T H (n − 1): each slice reads the hidden states of the others and, on the
///                  way back, the gradients of their four gates
///   layer-wavefront 2 (L − 1) B T H: hidden states up, their gradients down
std::size_t bytesMoved(const Plan& plan);

/// Share of the workers' time that goes to the sums and means; where a model is cut by units or
/// layers, to waiting for each other: nothing is summed there. 0 … 1.
double consolidationShare(const Plan& plan, const Trace& trace);

Consolidation consolidationOf(const Plan& plan, const Trace& trace);

} // namespace timestep
