// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/planned_pair.h"

#include <QString>

#include <array>

namespace timestep {

/// What doubles with the text, and what does not, in a line a model (LSTM, attention): when it is
/// done, its longest chain in cells, its arithmetic, and what it keeps of what it has read. From
/// the plans of the text and of half of it. Empty where `half` is not of fewer steps.
std::array<QString, 2> stepsDoubling(const PlannedPair& half, const PlannedPair& whole);

} // namespace timestep
