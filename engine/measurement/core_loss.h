// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/lane_timeline.h"

#include <span>

namespace timestep {

/// How much of the cores a run was kept from by others than its own threads.
struct CoreLoss
{
    double usableNs = 0; // processor time that its threads could have had
    double lostNs = 0; // what of it they did not get
    double share() const { return usableNs > 0 ? lostNs / usableNs : 0; }
    CoreLoss& operator+=(const CoreLoss& other);
};

/// At each moment the lanes that work or wait for a core could have as many of the `cores` as
/// lanes that wait for needs or at a barrier leave them (these may spin): usable = ∫ min(wanting,
/// cores − waiting) dt, lost = usable − processor time. So threads that only outnumber the cores
/// lose nothing: what one waits for, another has.
CoreLoss coreLoss(std::span<const LaneTimeline> lanes, int cores);

} // namespace timestep
