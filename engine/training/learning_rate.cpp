// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/learning_rate.h"

#include "engine/error.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <string>

namespace timestep {

LearningRate::LearningRate(const LearningRateSettings& settings)
    : m_settings(settings)
{
    const LearningRateSettings& s = settings;
    if (!(s.peak > 0) || !std::isfinite(s.peak))
        throw Error("the learning rate must be above 0, not " + std::to_string(s.peak));
    if (s.steps < 1)
        throw Error("a training has 1 step or more, not " + std::to_string(s.steps));
    if (s.warmUpSteps < 0 || s.warmUpSteps > s.steps)
        throw Error("the warm-up lasts " + std::to_string(s.warmUpSteps) + " steps of "
            + std::to_string(s.steps) + "; it must lie within them");
    if (!(s.finalFraction >= 0 && s.finalFraction <= 1))
        throw Error("the learning rate ends at a fraction of its peak between 0 and 1, not "
            + std::to_string(s.finalFraction));
}

double LearningRate::at(std::int64_t step) const
{
    assert(step >= 0);
    if (step < m_settings.warmUpSteps)
        return m_settings.peak * static_cast<double>(step + 1)
            / static_cast<double>(m_settings.warmUpSteps);
    const std::int64_t top = std::max<std::int64_t>(m_settings.warmUpSteps, 1) - 1;
    const std::int64_t last = m_settings.steps - 1;
    if (step == top)
        return m_settings.peak;
    const double lowest = m_settings.peak * m_settings.finalFraction;
    if (step >= last)
        return lowest;
    const double done = static_cast<double>(step - top) / static_cast<double>(last - top);
    return lowest + (m_settings.peak - lowest) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

} // namespace timestep
