// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/evaluation_call.h"
#include "app/text_report.h"

namespace timestep {

/// `timestep evaluate --task text`. Throws Error for a text or a model that cannot be judged,
/// Interrupted when stopped.
TextReport evaluateTexts(const EvaluationCall& call);

} // namespace timestep
