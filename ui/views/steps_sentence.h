// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_figures.h"

namespace timestep {

/// What the Steps picture means, in one or two sentences that are true of these numbers.
QString stepsSentence(const StepsFigures& figures);

} // namespace timestep
