// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/training_progress.h"

#include <string>

namespace timestep {

/// A line for each step of each model:
/// `model,step,loss,mean_loss,seconds,seconds_so_far,gradient_norm,learning_rate,course,traced`;
/// losses in nats a target, `mean_loss` over the last ten steps.
std::string trainingCsv(const TrainingProgress& lstm, const TrainingProgress& attention);

/// The same steps, and what was tried out beside them: numbers of gradients that differ, and the
/// time of a step done in other ways, with the 95 % interval of its median in ms.
std::string trainingJson(const TrainingProgress& lstm, const TrainingProgress& attention);

} // namespace timestep
