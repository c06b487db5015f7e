// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace timestep {

struct LearningRateSettings
{
    double peak = 1e-3;
    std::int64_t warmUpSteps = 0; // the last of them has the peak; 0 or 1: the first step has it
    std::int64_t steps = 1; // of the whole training, warm-up included
    double finalFraction = 0.1; // of the peak, in the last step
};

/// Linear warm-up from nearly 0 to the peak, then half a cosine down to a fraction of it
/// (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts",
/// arXiv:1608.03983, one period).
class LearningRate
{
public:
    /// Throws Error that names the setting that is out of range.
    explicit LearningRate(const LearningRateSettings& settings);

    /// Of a step, counted from 0. Never 0 during the warm-up; after the last step it stays.
    double at(std::int64_t step) const;

private:
    LearningRateSettings m_settings;
};

} // namespace timestep
