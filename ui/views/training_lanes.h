// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/training_progress.h"
#include "ui/views/lanes_picture.h"

namespace timestep {

/// The parts of a training step and of the time between them, each with a look of its own.
enum class TrainingPhase
{
    Forward,
    Loss,
    Backward,
    WeightGradients,
    Reduction, // gradients of sub-batches summed, or copies averaged
    Update, // the norm of the gradients, and the optimiser
    Waiting, // for what another worker computes
    Late // work was ready, but the worker had no core, or was still waking up
};

TrainingPhase trainingPhase(OperationKind kind);
QString phaseName(TrainingPhase phase);
LaneLook trainingLook(int phase, ModelKind kind, const Theme& theme);

/// The last traced step of each model there is, on one axis. Of the course's workers some may not
/// have come at all.
LanesPicture trainingLanes(const TracedTrainingStep* lstm, const TracedTrainingStep* attention,
    const TrainingCourse& course);

} // namespace timestep
