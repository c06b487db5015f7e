// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/evaluation_call.h"
#include "app/recall_report.h"

namespace timestep {

/// `timestep evaluate --task recall`. Throws UsageError for options that contradict each other,
/// Error for a model that cannot be judged, Interrupted when stopped.
RecallReport evaluateRecalls(const EvaluationCall& call);

} // namespace timestep
