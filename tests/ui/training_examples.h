// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/training_figures.h"

#include <vector>

namespace timestep {

/// Steps with these losses, each of so many milliseconds.
inline std::vector<TrainingPoint> pointsOf(const std::vector<double>& losses, double ms = 10)
{
    std::vector<TrainingPoint> points;
    for (const double loss : losses) {
        TrainingPoint point;
        point.step.number = static_cast<std::int64_t>(points.size()) + 1;
        point.step.loss = loss;
        point.step.seconds = ms * 1e-3;
        point.secondsSoFar = static_cast<double>(point.step.number) * ms * 1e-3;
        points.push_back(point);
    }
    return points;
}

inline TimedWay timed(ComparedWay way, double ms, double spread = 0.02)
{
    TimedWay made;
    made.way = way;
    made.repeats = 11;
    made.medianMs = ms;
    made.lowerMs = ms * (1 - spread);
    made.upperMs = ms * (1 + spread);
    return made;
}

inline TrainingTrial trialOf(const TrainingCourse& course, std::vector<TimedWay> ways)
{
    TrainingTrial trial;
    trial.course = course;
    trial.check.oneThread = { 500, 0, 0 };
    trial.check.unsplit = { 500, 321, 3.2e-7 };
    trial.check.inOrderOfArrival = { 500, 99, 9.8e-8 };
    trial.check.arrival = { 1, 0, 3, 2 };
    trial.ways = std::move(ways);
    return trial;
}

} // namespace timestep
