// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_walk.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace timestep {

namespace {

std::vector<double> toldXs(const RaceCurve& curve)
{
    std::vector<double> xs;
    for (const RaceDot& dot : curve.dots)
        if (!toldText(curve, dot).isEmpty())
            xs.push_back(dot.x);
    return xs;
}

double nearest(const std::vector<double>& xs, double x)
{
    return *std::min_element(xs.begin(), xs.end(),
        [x](double left, double right) { return std::abs(left - x) < std::abs(right - x); });
}

/// The curves stand one above the other by their dots nearest to x; of equal height in their order.
RaceDotPlace onNextCurve(
    const std::vector<RaceCurve>& curves, const RaceDotPlace& from, int direction)
{
    std::vector<std::pair<double, RaceDotPlace>> standing;
    for (std::size_t curve = 0; curve < curves.size(); ++curve)
        if (const auto xs = toldXs(curves[curve]); !xs.empty()) {
            const RaceDotPlace place { curve, nearest(xs, from.x) };
            standing.emplace_back(dotAt(curves, place)->y, place);
        }
    std::stable_sort(standing.begin(), standing.end(),
        [](const auto& left, const auto& right) { return left.first < right.first; });
    const auto here = std::find_if(standing.begin(), standing.end(),
        [&from](const auto& dot) { return dot.second.curve == from.curve; });
    const auto next = here - standing.begin() + direction;
    return next >= 0 && next < std::ssize(standing)
        ? standing[static_cast<std::size_t>(next)].second
        : from;
}

} // namespace

QString toldText(const RaceCurve& curve, const RaceDot& dot)
{
    if (!curve.baseline || curve.label.isEmpty())
        return dot.text;
    return dot.text.isEmpty() ? curve.label : QStringLiteral("%1\n%2").arg(curve.label, dot.text);
}

const RaceDot* dotAt(const std::vector<RaceCurve>& curves, const RaceDotPlace& place)
{
    if (place.curve >= curves.size())
        return nullptr;
    const std::vector<RaceDot>& dots = curves[place.curve].dots;
    const auto found = std::find_if(
        dots.begin(), dots.end(), [&place](const RaceDot& dot) { return dot.x == place.x; });
    return found == dots.end() ? nullptr : &*found;
}

std::optional<RaceDotPlace> walked(
    const std::vector<RaceCurve>& curves, const std::optional<RaceDotPlace>& from, RaceStepTo step)
{
    if (!from || !dotAt(curves, *from)) {
        for (std::size_t curve = 0; curve < curves.size(); ++curve)
            if (const auto xs = toldXs(curves[curve]); !xs.empty())
                return RaceDotPlace { curve, xs.front() };
        return std::nullopt;
    }
    const std::vector<double> xs = toldXs(curves[from->curve]);
    const auto here = std::find(xs.begin(), xs.end(), from->x);
    switch (step) {
    case RaceStepTo::Left:
        return RaceDotPlace { from->curve, here == xs.begin() ? from->x : here[-1] };
    case RaceStepTo::Right:
        return RaceDotPlace { from->curve, xs.end() - here > 1 ? here[1] : from->x };
    case RaceStepTo::Higher:
        return onNextCurve(curves, *from, 1);
    case RaceStepTo::Lower:
        return onNextCurve(curves, *from, -1);
    case RaceStepTo::First:
        return RaceDotPlace { from->curve, xs.front() };
    case RaceStepTo::Last:
        return RaceDotPlace { from->curve, xs.back() };
    }
    return from;
}

} // namespace timestep
