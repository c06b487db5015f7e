// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_axis.h"

#include "ui/models/number_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace timestep {

namespace {

constexpr double Hair = 1e-9; // of tolerance, so that rounding makes no power of another

QString numberText(double value)
{
    constexpr int SignificantDigits = 6;
    const double size = std::abs(value);
    if (size >= 1e15 || (size > 0 && size < 1e-4))
        return QString::number(value, 'g', 3);
    const int whole = size >= 1 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 1;
    QString text = numberLocale().toString(value, 'f', std::max(0, SignificantDigits - whole));
    if (text.contains(u'.')) {
        while (text.endsWith(u'0'))
            text.chop(1);
        if (text.endsWith(u'.'))
            text.chop(1);
    }
    return text;
}

/// The least of 1, 2, 5, 10 … that is no less than `size`.
double roundStep(double size)
{
    const double power = std::pow(10, std::floor(std::log10(size) + Hair));
    for (const double digit : { 1, 2, 5 })
        if (digit * power >= size * (1 - Hair))
            return digit * power;
    return 10 * power;
}

/// Powers of `base`, times each of the digits, within [from, to].
std::vector<double> powers(
    double from, double to, double base, const std::vector<double>& digits = { 1 })
{
    std::vector<double> found;
    const auto first = static_cast<int>(std::floor(std::log(from) / std::log(base) + Hair));
    for (int exponent = first; std::pow(base, exponent) <= to * (1 + Hair); ++exponent)
        for (const double digit : digits) {
            const double value = digit * std::pow(base, exponent);
            if (value >= from * (1 - Hair) && value <= to * (1 + Hair))
                found.push_back(value);
        }
    return found;
}

} // namespace

QString tickText(double value, RaceUnit unit)
{
    switch (unit) {
    case RaceUnit::Bytes:
        return bytesText(value);
    case RaceUnit::Percent:
        return QStringLiteral("%1 %").arg(numberText(100 * value));
    case RaceUnit::Number:
    case RaceUnit::Milliseconds:
        break;
    }
    return numberText(value);
}

std::vector<double> linearTicks(double to, int mostSteps)
{
    // The least of which there are no more than so many; where that is none, the next smaller one.
    double step = roundStep(to / (std::max(1, mostSteps) + 1) * (1 + 2 * Hair));
    if (step > to)
        step = roundStep(step / 2.5);
    std::vector<double> ticks;
    for (int count = 0; count * step <= to * (1 + Hair); ++count)
        ticks.push_back(count * step);
    return ticks;
}

std::vector<double> logarithmicTicks(double from, double to, int most)
{
    const auto fits = [most](const std::vector<double>& ticks) {
        return !ticks.empty() && ticks.size() <= static_cast<std::size_t>(std::max(1, most));
    };
    std::vector<double> ticks;
    if (fits(ticks = powers(from, to, 10, { 1, 2, 5 })))
        return ticks;
    for (const int decades : { 1, 2, 3, 6 })
        if (fits(ticks = powers(from, to, std::pow(10, decades))))
            return ticks;
    return { std::pow(10, std::floor(std::log10(from))) };
}

int labelStride(const std::vector<LabelExtent>& labels, double gap)
{
    const auto apart = [&](std::size_t stride) {
        for (std::size_t next = stride; next < labels.size(); next += stride) {
            const LabelExtent& one = labels[next - stride];
            const LabelExtent& other = labels[next];
            if (std::max(one.begin, other.begin) - std::min(one.end, other.end) < gap)
                return false;
        }
        return true;
    };
    std::size_t stride = 1;
    while (!apart(stride))
        ++stride;
    return static_cast<int>(stride);
}

} // namespace timestep
