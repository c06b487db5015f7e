// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"
#include "engine/training/gradient_check.h"
#include "engine/training/trainer.h"
#include "ui/session/training_request.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// A training step that was taken.
struct TrainingPoint
{
    TrainingStep step;
    double secondsSoFar = 0; // of all steps of this model, this one included
    int course = 0; // which of the training's courses, counted from 0
    bool traced = false; // with a trace, which costs a little time
};

/// What ran when in one training step.
struct TracedTrainingStep
{
    std::int64_t number = 0;
    std::shared_ptr<const Plan> plan;
    Trace trace;
};

/// One way to do the same training step.
enum class ComparedWay
{
    OneThread, // the whole batch in one piece
    SubBatches,
    HiddenUnits,
    Layers
};

/// Steps that were timed in turns with those of the other ways.
struct TimedWay
{
    ComparedWay way = ComparedWay::OneThread;
    Cut cut;
    int threads = 1;
    int repeats = 0;
    double medianMs = 0;
    double lowerMs = 0, upperMs = 0; // 95 % interval of the median
};

/// What was tried out on one model beside its training: both begin with the same parameters.
struct TrainingTrial
{
    std::int64_t afterSteps = 0;
    TrainingCourse course;
    Cut cut; // of the gradients that are compared
    GradientCheck check;
    std::vector<TimedWay> ways;
};

/// One model's training as far as it has got.
struct TrainingProgress
{
    std::vector<TrainingPoint> points;
    std::shared_ptr<const TracedTrainingStep> traced; // the latest
    std::optional<TrainingTrial> trial; // the latest
};

} // namespace timestep
