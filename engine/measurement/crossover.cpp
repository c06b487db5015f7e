// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/crossover.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>

namespace timestep {

namespace {

/// Both curves at one x.
struct Pair
{
    double x = 0;
    double logarithm = 0; // of first ÷ second: below 0 where the first is lower
    std::optional<LowerCurve> certain; // not set: not told apart
};

bool hasPlace(const MeasuredMedian& point)
{
    return std::isfinite(point.x) && std::isfinite(point.y) && point.x > 0 && point.y > 0;
}

std::optional<LowerCurve> certainlyLower(const MeasuredMedian& first, const MeasuredMedian& second)
{
    if (first.upper < second.lower)
        return LowerCurve::First;
    if (second.upper < first.lower)
        return LowerCurve::Second;
    return std::nullopt;
}

std::vector<Pair> pairsOf(
    const std::vector<MeasuredMedian>& first, const std::vector<MeasuredMedian>& second)
{
    std::vector<Pair> pairs;
    auto left = first.begin();
    auto right = second.begin();
    while (left != first.end() && right != second.end()) {
        if (left->x < right->x) {
            ++left;
        } else if (right->x < left->x) {
            ++right;
        } else {
            if (hasPlace(*left) && hasPlace(*right))
                pairs.push_back(
                    { left->x, std::log(left->y / right->y), certainlyLower(*left, *right) });
            ++left;
            ++right;
        }
    }
    return pairs;
}

double middle(double from, double to) { return std::sqrt(from * to); }

/// Where the line from one logarithm to the other, of opposite signs, passes 0.
double meetingPlace(const Pair& from, const Pair& to)
{
    const double share = from.logarithm / (from.logarithm - to.logarithm);
    return from.x * std::pow(to.x / from.x, share);
}

/// The medians change places between two pairs; between them are at most pairs of equal medians.
struct Change
{
    std::size_t before = 0, after = 0; // indices
    double x = 0;
};

std::vector<Change> changesOf(const std::vector<Pair>& pairs)
{
    std::vector<Change> changes;
    std::optional<std::size_t> before; // the last with unequal medians
    for (std::size_t after = 0; after < pairs.size(); ++after) {
        if (pairs[after].logarithm == 0)
            continue;
        if (before && (pairs[*before].logarithm < 0) != (pairs[after].logarithm < 0)) {
            const double x = after == *before + 1
                ? meetingPlace(pairs[*before], pairs[after])
                : middle(pairs[*before + 1].x, pairs[after - 1].x);
            changes.push_back({ *before, after, x });
        }
        before = after;
    }
    return changes;
}

/// The nearest pair told apart, from `index` on backwards or onwards.
std::optional<std::size_t> toldApart(const std::vector<Pair>& pairs, std::size_t index, int step)
{
    for (auto place = static_cast<std::ptrdiff_t>(index); place >= 0 && place < std::ssize(pairs);
         place += step)
        if (pairs[static_cast<std::size_t>(place)].certain)
            return static_cast<std::size_t>(place);
    return std::nullopt;
}

Crossover crossoverOf(const std::vector<Pair>& pairs, const Change& change)
{
    const auto before = toldApart(pairs, change.before, -1);
    const auto after = toldApart(pairs, change.after, 1);
    Crossover crossover;
    crossover.x = change.x;
    crossover.certain = before && after && pairs[*before].certain != pairs[*after].certain;
    const std::size_t from = crossover.certain ? *before : change.before;
    const std::size_t to = crossover.certain ? *after : change.after;
    crossover.from = pairs[from].x;
    crossover.to = pairs[to].x;
    crossover.before = pairs[from].logarithm < 0 ? LowerCurve::First : LowerCurve::Second;
    crossover.after = pairs[to].logarithm < 0 ? LowerCurve::First : LowerCurve::Second;
    crossover.untold = static_cast<int>(to - from) - 1;
    return crossover;
}

} // namespace

CurveComparison compareCurves(
    const std::vector<MeasuredMedian>& first, const std::vector<MeasuredMedian>& second)
{
    const std::vector<Pair> pairs = pairsOf(first, second);
    CurveComparison comparison;
    for (const Pair& pair : pairs)
        ++(!pair.certain                             ? comparison.untold
                : *pair.certain == LowerCurve::First ? comparison.firstLower
                                                     : comparison.secondLower);
    double firstX = 0; // of the changes within the last certain crossover
    for (const Change& change : changesOf(pairs)) {
        const Crossover crossover = crossoverOf(pairs, change);
        auto& known = comparison.crossovers;
        if (crossover.certain && !known.empty() && known.back().certain
            && known.back().from == crossover.from) {
            known.back().x = middle(firstX, crossover.x);
            continue;
        }
        firstX = crossover.x;
        known.push_back(crossover);
    }
    return comparison;
}

} // namespace timestep
