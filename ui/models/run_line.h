// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"

#include <QString>

namespace timestep {

/// What a run of all rows measured, in a line: rows, sub-batches, threads, and the time of each
/// model. Empty for a run without a trace or without tokens.
QString allRowsLine(const Run& run);

} // namespace timestep
