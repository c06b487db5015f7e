// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"

#include <algorithm>
#include <functional>

namespace timestep {

/// y with 5 % to either side for the middle half, half of that for the interval of the median.
inline RaceDot raceDot(double x, double y)
{
    RaceDot dot { x, y, 0.95 * y, 1.05 * y, true,
        QStringLiteral("%1 tokens: %2 ms").arg(x).arg(y) };
    dot.lowerMedian = 0.975 * y;
    dot.upperMedian = 1.025 * y;
    return dot;
}

inline RaceCurve raceCurve(
    RaceLine line, const QString& label, const std::function<double(double)>& y, int longest = 1024)
{
    RaceCurve curve { line, false, label, {} };
    for (int length = 16; length <= longest; length *= 2)
        curve.dots.push_back(raceDot(length, y(length)));
    return curve;
}

/// The LSTM takes 0.1 ms a token, attention as much for 16 tokens ... they meet at 128 tokens.
inline std::vector<RaceCurve> crossingCurves()
{
    return {
        raceCurve(RaceLine::Lstm, QStringLiteral("LSTM"), [](double x) { return 0.1 * x; }),
        raceCurve(RaceLine::Attention, QStringLiteral("attention"),
            [](double x) { return 0.1 * x * x / 128; }),
    };
}

/// Plans and what was measured of them, as with one row.
inline std::vector<RaceCurve> speedUpCurvesOfOneRow()
{
    std::vector<RaceCurve> curves;
    const auto plan = [&curves](RaceLine line, const QString& label, double most) {
        RaceCurve curve { line, true, label, {} };
        for (double workers = 1; workers <= 4096; workers *= 2) {
            const double speedUp = std::min(workers, most);
            curve.dots.push_back({ workers, speedUp, speedUp, speedUp, true, {} });
        }
        curves.push_back(curve);
    };
    plan(RaceLine::Lstm, QStringLiteral("LSTM, sub-batches: one row, one task"), 1);
    plan(RaceLine::HiddenSplit, QStringLiteral("LSTM, hidden units: a barrier a step"), 230);
    plan(RaceLine::Attention, QStringLiteral("attention: the length"), 16);
    for (const RaceLine line : { RaceLine::Lstm, RaceLine::HiddenSplit, RaceLine::Attention })
        curves.push_back({ line, false, {}, { raceDot(1, 1), raceDot(2, 1.8) } });
    return curves;
}

} // namespace timestep
