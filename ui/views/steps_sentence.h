// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/measured_pair.h"
#include "ui/views/steps_figures.h"

namespace timestep {

/// What the Steps picture means, in one or two sentences that are true of these numbers.
QString stepsSentence(const StepsFigures& figures);
/// For a low window: without what explains the difference of two times that both stand below.
QString briefStepsSentence(const StepsFigures& figures);

/// What a real run took, beside what a plan says of the same on the threads that ran, and what the
/// plan that is shown says on its imagined workers.
QString realRunSentence(const StepsFigures& planned, const MeasuredPair& measured);

} // namespace timestep
