// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_request.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace timestep {

struct PlannedSpeedUp
{
    int count = 1; // of workers, or of sub-batches
    double speedUp = 1; // work ÷ length of the list schedule
};

/// How far a plan lets more workers help: computed from what must wait, not measured.
struct PlannedLine
{
    RacePicture picture;
    RaceLine line;
    int rows = 1; // B
    int length = 1; // T, of the steps that are computed
    std::vector<PlannedSpeedUp> points; // 1, 2, 4 … 4,096 workers, or the sub-batches measured
    double most = 1; // work ÷ span, however many workers
};

/// Gives the lines of the speed-up pictures one by one. Against workers those of one row, which are
/// soon there, come first; every row is a sub-batch of its own, and every position may
/// go to another worker: as much as necessity leaves open. A hidden-split is planned anew for each
/// number of workers, with a slice for each. Against sub-batches the plans are those executed, on
/// as many workers as threads have a core. When stopped, the rest is not given.
void planLines(const RaceRequest& request, const std::stop_token& stop,
    const std::function<void(const PlannedLine&)>& give);

} // namespace timestep
