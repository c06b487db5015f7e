// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lane_runs.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double emptiest = 0.6; // of the axis: with less of it in use it is drawn anew

/// The smallest of 1, 2, 3, 4, 6, 8 times a power of ten that is no less.
double roundUp(double value)
{
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double factor : { 1.0, 2.0, 3.0, 4.0, 6.0, 8.0 }) {
        if (factor * power >= value * (1 - 1e-9))
            return factor * power;
    }
    return 10 * power;
}

/// The style of the spans of a run that took the longest together.
int longestStyle(const std::vector<LaneSpan>& spans, int first, int count)
{
    int best = spans[static_cast<std::size_t>(first)].style;
    double most = 0;
    for (int i = first; i < first + count; ++i) {
        const int style = spans[static_cast<std::size_t>(i)].style;
        double sum = 0;
        for (int j = first; j < first + count; ++j) {
            const LaneSpan& span = spans[static_cast<std::size_t>(j)];
            sum += span.style == style ? span.end - span.begin : 0;
        }
        if (sum > most) {
            most = sum;
            best = style;
        }
    }
    return best;
}

} // namespace

std::vector<LaneRun> laneRuns(const std::vector<LaneSpan>& spans, const LaneAxis& axis)
{
    std::vector<LaneRun> runs;
    bool open = false; // the last run takes further thin spans
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const double left = axis.pixel(spans[i].begin);
        const double right = axis.pixel(spans[i].end);
        const bool thin = right - left < LaneRun::thinnest;
        if (thin && open && left < std::floor(runs.back().left) + 1) {
            runs.back().right = std::max(runs.back().right, right);
            ++runs.back().count;
            continue;
        }
        runs.push_back({ left, std::max(right, left + 1), static_cast<int>(i), 1, spans[i].style });
        open = thin;
    }
    for (LaneRun& run : runs)
        run.style = longestStyle(spans, run.first, run.count);
    return runs;
}

double laneAxisEnd(double needed, double shown)
{
    if (!(needed > 0))
        return shown > 0 ? shown : 1;
    if (shown >= needed && needed >= emptiest * shown)
        return shown;
    return roundUp(needed);
}

std::vector<double> laneTicks(double begin, double end, int most)
{
    std::vector<double> ticks;
    const double step = roundUp((end - begin) / std::max(most, 1));
    const double tolerance = 1e-9 * (end - begin);
    for (double i = std::ceil((begin - tolerance) / step); i * step <= end + tolerance; ++i)
        ticks.push_back(i * step);
    return ticks;
}

} // namespace timestep
