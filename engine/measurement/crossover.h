// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace timestep {

/// A median measured at x, and the 95 % interval of it. What is planned has no spread: y, y, y.
struct MeasuredMedian
{
    double x = 0;
    double y = 0;
    double lower = 0;
    double upper = 0;
};

enum class LowerCurve
{
    First,
    Second,
};

/// Where one curve comes to lie below the other, which did so until then.
struct Crossover
{
    double x = 0; // where the lines through the medians meet, straight on logarithmic paper
    double from = 0, to = 0; // measured x it lies between; certain: the nearest told apart
    LowerCurve before = LowerCurve::First;
    LowerCurve after = LowerCurve::Second;
    bool certain = false; // the intervals at `from` and at `to` do not overlap
    int untold = 0; // measured x between `from` and `to`, at which the curves are not told apart
};

/// Two curves over the x at which both were measured.
struct CurveComparison
{
    int firstLower = 0; // x at which the first is certainly below the second
    int secondLower = 0; // and the other way round
    int untold = 0; // x at which their intervals overlap
    std::vector<Crossover> crossovers; // by x
};

/// Where two curves, each with ascending x, overtake one another. Points at an x that one of them
/// lacks, or that have no place on logarithmic paper (not above 0, or not finite), are left out.
///
/// At an x the curves are *told apart* when their intervals do not overlap. (Two 95 % intervals
/// that do not touch differ at well beyond 95 %: Schenker and Gentleman, 2001. It errs towards
/// silence.) A crossover is certain when the nearest points told apart on either side of it name
/// different curves; where it lies among the points between them, not told apart, remains open, so
/// [from, to] is then a range. Medians that change places without that are crossovers which are
/// not certain: noise may have made them. Several such changes within one certain crossover are
/// part of it, and its x is the middle, on logarithmic paper, of the first and the last.
CurveComparison compareCurves(
    const std::vector<MeasuredMedian>& first, const std::vector<MeasuredMedian>& second);

} // namespace timestep
