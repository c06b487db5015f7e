// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace timestep {

enum class RaceScale
{
    Logarithmic,
    Linear, // from 0
};

/// What the numbers of an axis count.
enum class RaceUnit
{
    Number,
    Milliseconds, // of which 1,000 and more are told in words as seconds
    Bytes, // 512 B, 1 kB, 1 MB
    Percent, // 0.5 reads "50 %"
};

/// "4,096", "0.25"; "1 kB"; "50 %": at most six significant digits.
QString tickText(double value, RaceUnit unit);

/// 0 and round numbers up to `to`, at most so many steps of equal size, though one at
/// least: 1, 2 or 5 times a power of 10.
std::vector<double> linearTicks(double to, int mostSteps);

/// Round numbers within [from, to], both above 0, at most so many: 1, 2, 5, 10 … or powers of 10,
/// or of 100 … At least one, if need be the one below.
std::vector<double> logarithmicTicks(double from, double to, int most);

/// Where a label is along its axis, in pixels, begin < end.
struct LabelExtent
{
    double begin = 0;
    double end = 0;
};

/// n, if the first label and every nth after it are to be shown so that `gap` pixels are between
/// any two of them. The extents are in the order of the labels, in either direction.
int labelStride(const std::vector<LabelExtent>& labels, double gap);

} // namespace timestep
