// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/planned_pair.h"
#include "ui/session/playback_clock.h"

#include <vector>

namespace timestep {

/// The moments of both schedules that are worth stopping at, ascending, in units: when a model has
/// the first worker with nothing to do although it is not done, when the input halves of an LSTM
/// are all done and nothing but its chain is left, and when a model is done. What comes at the same
/// moment is one event.
std::vector<PlaybackEvent> planEvents(const PlannedPair& pair);

} // namespace timestep
