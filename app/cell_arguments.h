// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command.h"
#include "engine/measurement/sweep.h"

#include <vector>

namespace timestep {

class Arguments;

/// The options that say what is timed: those of `bench`, and of `trace` for one cell.
std::vector<Option> cellOptions();

/// The cells they ask for: all combinations of computes or models, lengths, batches and threads.
/// Throws UsageError where options contradict each other or a strategy does not suit a compute,
/// Error for a pass that is not timed.
std::vector<SweepCell> chosenCells(const Arguments& arguments);

} // namespace timestep
