// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/loss_curves.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

/// Mean of the last lossMeanSteps losses up to each point.
std::vector<double> runningMeans(const std::vector<TrainingPoint>& points)
{
    std::vector<double> means;
    means.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        // Summed anew each time: a sum that is carried along keeps the error of every loss before.
        const std::size_t count = std::min<std::size_t>(i + 1, lossMeanSteps);
        double sum = 0;
        for (std::size_t j = i + 1 - count; j <= i; ++j)
            sum += points[j].step.loss;
        means.push_back(sum / static_cast<double>(count));
    }
    return means;
}

} // namespace

LossCurve lossCurve(ModelKind kind, const std::vector<TrainingPoint>& points, LossAxis axis)
{
    LossCurve curve { kind, {}, {}, runningMeans(points) };
    for (const TrainingPoint& point : points) {
        curve.x.push_back(
            axis == LossAxis::Steps ? static_cast<double>(point.step.number) : point.secondsSoFar);
        curve.loss.push_back(point.step.loss);
    }
    return curve;
}

std::optional<double> lossNow(const std::vector<TrainingPoint>& points)
{
    if (points.empty())
        return std::nullopt;
    const std::size_t count = std::min<std::size_t>(points.size(), lossMeanSteps);
    return runningMeans({ points.end() - static_cast<std::ptrdiff_t>(count), points.end() }).back();
}

std::vector<double> lossTicks(double lower, double upper)
{
    constexpr double manyDecades = 2.5;
    const double decades = std::log10(upper / lower);
    std::vector<double> ticks;
    const double last = std::pow(10, std::floor(std::log10(upper)));
    for (double power = std::pow(10, std::floor(std::log10(lower))); power <= last * 1.001;
         power *= 10) {
        for (const double digit : { 1.0, 2.0, 5.0 }) {
            const double tick = digit * power;
            const bool wanted = digit == 1.0 || decades < manyDecades;
            if (wanted && tick >= lower * (1 - 1e-9) && tick <= upper * (1 + 1e-9))
                ticks.push_back(tick);
        }
    }
    return ticks;
}

std::optional<LossReached> lossReached(const std::vector<TrainingPoint>& points, double threshold)
{
    const std::vector<double> means = runningMeans(points);
    for (std::size_t i = lossMeanSteps - 1; i < points.size(); ++i) {
        if (means[i] <= threshold)
            return LossReached { points[i].step.number, points[i].secondsSoFar };
    }
    return std::nullopt;
}

} // namespace timestep
