// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/training_figures.h"

#include <QString>

namespace timestep {

/// What the training has shown so far: what the way it is split by brings, what consolidating it
/// costs, and whether the numbers are the same; no more than the 95 % intervals of the times allow.
QString trainingSentence(const TrainingResult& result, bool running);

} // namespace timestep
