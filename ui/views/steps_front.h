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

    /// Steps done in every strip at a time of the clock, with the share of the one that runs.
    double at(double time) const; // 0 … T

private:
    std::vector<double> m_done; // (T): when a step and all before it are done in every strip
};

} // namespace timestep
