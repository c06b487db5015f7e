// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <random>

namespace timestep {

double quantile(std::vector<double> values, double p)
{
    assert(!values.empty() && p >= 0 && p <= 1);
    std::sort(values.begin(), values.end());
    const double rank = p * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(rank));
    const std::size_t above = std::min(below + 1, values.size() - 1);
    const double share = rank - static_cast<double>(below);
    // Infinities of which none is to be taken away from another.
    if (share == 0 || values[below] == values[above])
        return values[below];
    return values[below] + share * (values[above] - values[below]);
}

Interval medianInterval(const std::vector<double>& values, std::uint64_t seed)
{
    assert(!values.empty());
    constexpr int samples = 1000;
    std::mt19937_64 random(seed);
    std::vector<double> medians;
    medians.reserve(samples);
    std::vector<double> sample(values.size());
    for (int index = 0; index < samples; ++index) {
        // A remainder is biased by less than 2⁻⁴⁰ here and, unlike the standard's distributions,
        // the same with every library.
        for (double& value : sample)
            value = values[random() % values.size()];
        medians.push_back(quantile(sample, 0.5));
    }
    return { quantile(medians, 0.025), quantile(medians, 0.975) };
}

} // namespace timestep
