// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/number_scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace timestep {

namespace {

/// 1, 2, 3, 4, 6, 8, 12, 16, 24 …: powers of two, and what lies halfway between them from 2 on.
int roundNumberAbove(int number)
{
    int power = 1;
    while (2 * power <= number)
        power *= 2;
    const int halfway = power + power / 2;
    return power >= 2 && number < halfway ? halfway : 2 * power;
}

} // namespace

NumberScale::NumberScale(int most)
    : m_most(most)
{
    assert(most > 1);
}

int NumberScale::placeOf(int number) const
{
    const double share = std::log(std::clamp(number, 1, m_most)) / std::log(m_most);
    return static_cast<int>(std::lround(places * share));
}

int NumberScale::numberAt(int place) const
{
    const double share = static_cast<double>(std::clamp(place, 0, places)) / places;
    return static_cast<int>(std::lround(std::exp(share * std::log(m_most))));
}

int NumberScale::next(int number, int direction) const
{
    if (direction > 0)
        return std::min(roundNumberAbove(number), m_most);
    int below = 1;
    while (roundNumberAbove(below) < number)
        below = roundNumberAbove(below);
    return below;
}

} // namespace timestep
