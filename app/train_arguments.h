// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command.h"
#include "engine/model/model.h"
#include "engine/training/training_settings.h"

#include <vector>

namespace timestep {

class Arguments;

/// The options of `train` that say what is trained, on what, and how.
std::vector<Option> trainingOptions();

/// A model that a training begins with, looking as far back as --attention-window says, which no
/// weight depends on. Throws UsageError for an LSTM.
ModelPointer withChosenWindow(const Arguments& arguments, ModelPointer trained);

/// Of a training that begins, with weights of its own (null) or with those of `trained`. Throws
/// UsageError where options contradict each other.
TrainingSettings chosenTraining(const Arguments& arguments, const Model* trained);

/// `settings` of a checkpoint with what may change when it goes on: threads, and how many steps
/// there are to be. Throws UsageError for an option that would make it another training.
TrainingSettings resumedTraining(
    const Arguments& arguments, TrainingSettings settings, std::int64_t stepsDone);

} // namespace timestep
