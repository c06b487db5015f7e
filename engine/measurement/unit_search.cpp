// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/unit_search.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace timestep {

std::vector<int> unitsOn(
    const Matrix<float>& values, IndexRange span, UnitThreshold threshold, bool onlyThere)
{
    const auto steps = static_cast<int>(values.rows());
    assert(span.begin >= 0 && span.count() > 0 && span.end <= steps);
    std::vector<int> units;
    for (int unit = 0; unit < static_cast<int>(values.cols()); ++unit) {
        const auto on = [&](int step) { return threshold.isOn(values(step, unit)); };
        bool selected = true;
        for (int step = span.begin; selected && step < span.end; ++step)
            selected = on(step);
        if (selected && onlyThere)
            selected
                = !(span.begin > 0 && on(span.begin - 1)) && !(span.end < steps && on(span.end));
        if (selected)
            units.push_back(unit);
    }
    return units;
}

std::vector<int> countsOn(
    const Matrix<float>& values, std::span<const int> units, UnitThreshold threshold)
{
    std::vector<int> counts;
    for (Eigen::Index step = 0; step < values.rows(); ++step)
        counts.push_back(static_cast<int>(std::count_if(units.begin(), units.end(),
            [&](int unit) { return threshold.isOn(values(step, unit)); })));
    return counts;
}

namespace {

/// What of a span lies before and after another.
void appendOutside(std::vector<IndexRange>& spans, IndexRange span, IndexRange except)
{
    if (except.count() <= 0)
        return spans.push_back(span);
    if (span.begin < except.begin)
        spans.push_back({ span.begin, std::min(span.end, except.begin) });
    if (span.end > except.end)
        spans.push_back({ std::max(span.begin, except.end), span.end });
}

} // namespace

std::vector<IndexRange> spansOn(std::span<const int> countsOn, int least, IndexRange except)
{
    assert(least >= 1);
    std::vector<IndexRange> spans;
    const auto steps = static_cast<int>(countsOn.size());
    for (int begin = 0; begin < steps; ++begin) {
        int end = begin;
        while (end < steps && countsOn[static_cast<std::size_t>(end)] >= least)
            ++end;
        if (end == begin)
            continue;
        appendOutside(spans, { begin, end }, except);
        begin = end; // the step that ended it is off
    }
    return spans;
}

int leastOf(int units, double share)
{
    // A share such as 0.7 of 10 is 7, though 0.7 is kept as a little more or less.
    return std::max(1, static_cast<int>(std::ceil(share * units - 1e-9)));
}

} // namespace timestep
