// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/measured_pair.h"
#include "ui/views/steps_figures.h"

namespace timestep {

/// What the Steps picture means, in one or two sentences that are true of these numbers.
QString stepsSentence(const StepsFigures& figures);

/// What a real run took, beside what its plan says of the same.
QString realRunSentence(const MeasuredPair& measured);

} // namespace timestep
