// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/plan.h"

#include <stop_token>

namespace timestep {

/// Computes for real some of the steps that `plan` takes as given, on the computation that was made
/// for it: they go on from those before them, which must have been run.
Outcome runGivenSteps(const Plan& plan, IndexRange steps, Computation& computation,
    Executor& executor, std::stop_token stop);

/// Computes for real what `plan` takes as given, all steps before its first, on the computation
/// that was made for it: the states, keys and values that its steps go on from. To be run once,
/// before the plan.
Outcome runGivenSteps(
    const Plan& plan, Computation& computation, Executor& executor, std::stop_token stop);

} // namespace timestep
