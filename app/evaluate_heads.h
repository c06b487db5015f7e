// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/evaluation_call.h"
#include "app/heads_report.h"

namespace timestep {

/// `timestep evaluate --heads`. Throws Error for a text or a model that cannot be judged, an LSTM
/// among them, Interrupted when stopped.
HeadsReport evaluateHeads(const EvaluationCall& call);

} // namespace timestep
