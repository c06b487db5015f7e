// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/training_progress.h"

#include <QString>

#include <optional>
#include <vector>

namespace timestep {

/// What is told of a training: both models' progress, and how it goes on now.
struct TrainingResult
{
    const TrainingProgress& lstm;
    const TrainingProgress& attention;
    TrainingCourse course; // the latest
    int courseNumber = 0; // that points of it have
    int steps = 0; // T
};

/// Of the steps of the latest course; not set where nothing was measured.
struct TrainingMeasures
{
    std::optional<double> msPerStep; // median of steps without a trace
    std::optional<double> tokensPerSecond;
    std::optional<Consolidation> consolidation; // bytes; share: mean over the steps with a trace
    std::optional<double> copiesApart; // the latest
};

TrainingMeasures trainingMeasures(const TrainingProgress& progress, const TrainingResult& result);

/// The trial of a model, where it was one of the latest course but for what changes neither
/// gradients nor times.
const TrainingTrial* currentTrial(const TrainingProgress& progress, const TrainingCourse& course);

/// What a way took in a trial; null: it was not tried.
const TimedWay* timedWay(const TrainingTrial& trial, ComparedWay way);

/// One line of the table beside the pictures.
struct TrainingFigure
{
    enum class Kind
    {
        Heading,
        Line,
        Threshold // the name goes with a field for the loss
    };
    Kind kind = Kind::Line;
    QString name;
    QString lstm, attention;
    QString tip;
};

std::vector<TrainingFigure> trainingFigures(const TrainingResult& result, double threshold);

} // namespace timestep
