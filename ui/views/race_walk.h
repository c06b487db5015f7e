// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace timestep {

/// A dot among curves, by its numbers: it stays the same while more is measured.
struct RaceDotPlace
{
    std::size_t curve = 0;
    double x = 0;
    bool operator==(const RaceDotPlace&) const = default;
};

/// What is told of a dot by hovering it. Empty of plans.
QString toldText(const RaceCurve& curve, const RaceDot& dot);

/// Not there: null.
const RaceDot* dotAt(const std::vector<RaceCurve>& curves, const RaceDotPlace& place);

enum class RaceStepTo
{
    Left,
    Right,
    Higher, // the next curve above, at the nearest x
    Lower,
    First,
    Last,
};

/// The dot that is reached from another, or, from none, the first one there is; at an end where it
/// was. Passes over dots of which nothing is told. Nothing where there are no others.
std::optional<RaceDotPlace> walked(
    const std::vector<RaceCurve>& curves, const std::optional<RaceDotPlace>& from, RaceStepTo step);

} // namespace timestep
