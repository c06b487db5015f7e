// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"

namespace timestep {

/// The bytes that must be kept, by the formulas of engine/measurement/state_bytes.h, at lengths
/// from 16 to 16,384: of both, and of attention that stores its affinities. `picture` is one of
/// the two of memory.
std::vector<RaceCurve> memoryFormulas(const RaceRequest& request, RacePicture picture);

} // namespace timestep
