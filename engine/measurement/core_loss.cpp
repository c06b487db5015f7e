// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/core_loss.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace timestep {

namespace {

/// From a moment on more or fewer lanes want a core, or wait for each other.
struct Change
{
    std::int64_t ns = 0;
    int wanting = 0, waiting = 0;
};

bool wantsCore(LaneState state)
{
    return state == LaneState::Work || state == LaneState::WaitingForCore;
}

std::vector<Change> changesOf(std::span<const LaneTimeline> lanes)
{
    std::vector<Change> changes;
    for (const LaneTimeline& lane : lanes) {
        for (const LaneInterval& interval : lane.intervals()) {
            if (interval.state == LaneState::NothingToDo)
                continue;
            const int wanting = wantsCore(interval.state) ? 1 : 0;
            changes.push_back({ interval.beginNs, wanting, 1 - wanting });
            changes.push_back({ interval.endNs, -wanting, wanting - 1 });
        }
    }
    std::sort(changes.begin(), changes.end(),
        [](const Change& a, const Change& b) { return a.ns < b.ns; });
    return changes;
}

double processorNs(std::span<const LaneTimeline> lanes)
{
    double sum = 0;
    for (const LaneTimeline& lane : lanes)
        for (const LaneInterval& interval : lane.intervals())
            sum += static_cast<double>(interval.cpuNs);
    return sum;
}

} // namespace

CoreLoss& CoreLoss::operator+=(const CoreLoss& other)
{
    usableNs += other.usableNs;
    lostNs += other.lostNs;
    return *this;
}

CoreLoss coreLoss(std::span<const LaneTimeline> lanes, int cores)
{
    CoreLoss loss;
    int wanting = 0;
    int waiting = 0;
    std::int64_t since = 0;
    for (const Change& change : changesOf(lanes)) {
        const int usable = std::min(wanting, std::max(cores - waiting, 0));
        loss.usableNs += static_cast<double>(usable) * static_cast<double>(change.ns - since);
        wanting += change.wanting;
        waiting += change.waiting;
        since = change.ns;
    }
    loss.lostNs = std::max(0.0, loss.usableNs - processorNs(lanes));
    return loss;
}

} // namespace timestep
