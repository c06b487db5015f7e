// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_picture.h"

#include <vector>

namespace timestep {

/// How far a model has read: the front that the picture follows while the clock runs.
class StepsFront
{
public:
    StepsFront() = default;
    explicit StepsFront(const StepsModel& model);

    /// Steps done in every strip at a time of the clock, with the share of the one that runs; on
    /// the way back, those that are not; after that what follows the steps counts.
    double at(double time) const; // 0 … T, and what follows

private:
    std::vector<double> m_done; // (T): when a step and all before it are done in every strip
    double m_end = 0; // T, and what follows the steps
    std::vector<double> m_backDone; // (T): of a training plan, when a step and all after it are
};

} // namespace timestep
