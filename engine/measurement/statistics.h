// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace timestep {

/// The value below which a share `p` (0 to 1) of the values lies, by linear interpolation between
/// the two nearest: at rank p·(n − 1) of the sorted values (Hyndman and Fan, 1996, type 7).
/// The median is p = 0.5. At least one value; infinity is one, and lies above all others.
double quantile(std::vector<double> values, double p);

struct Interval
{
    double lower = 0;
    double upper = 0;
};

/// 95 % interval of the median by the percentile bootstrap (Efron, 1979): the 2.5 and 97.5 %
/// quantiles of the medians of 1,000 samples drawn with replacement. Depends on nothing but values
/// and seed.
Interval medianInterval(const std::vector<double>& values, std::uint64_t seed);

} // namespace timestep
