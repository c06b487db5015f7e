// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/point_quality.h"

#include "engine/measurement/sweep.h"

namespace timestep {

bool hasMedianInterval(const SweepPoint& point)
{
    constexpr int FewestRepeats = 5;
    return point.repeats >= FewestRepeats;
}

bool mostlyDisturbed(const SweepPoint& point) { return 4 * point.disturbed > point.repeats; }

std::optional<double> shareOfPeak(const SweepPoint& point)
{
    return point.gflops <= point.peakGflops ? std::optional(point.gflops / point.peakGflops)
                                            : std::nullopt;
}

} // namespace timestep
