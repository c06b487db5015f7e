// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

namespace timestep {

struct SweepPoint;

/// Whether other programs took a core in more than a quarter of the repeats of a point. Such
/// repeats are the slow ones: up to a quarter of all lie above the upper quartile, where the middle
/// half, and the median with it, can still be that of undisturbed repeats; beyond, it cannot.
bool mostlyDisturbed(const SweepPoint& point);

/// Whether a point has enough repeats for a 95 % interval of the median. The median lies between
/// the least and the greatest of n repeats with a probability of 1 − 2^(1 − n): 94 % of 5, 88 %
/// of 4.
bool hasMedianInterval(const SweepPoint& point);

/// The point's arithmetic a second as a share of the measured peak. Not set where it would be above
/// 1, which no program can reach: other programs had the cores whenever the peak was measured.
std::optional<double> shareOfPeak(const SweepPoint& point);

} // namespace timestep
