// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/asked_early_answer.h"
#include "ui/views/step_memory.h"

#include <QString>

namespace timestep {

// What the picture of a layer means, in one sentence: of each question that can be asked below it.

/// Who wrote what the cell holds, and what the layer forgets or what became of what the step wrote.
/// `memory`: of the step that is looked at; null while it is not known yet, then empty.
QString cellContentSentence(const LstmPicture& picture, const StepMemory* memory);

/// What became of the answer; never says that it was kept where the model gives it without having
/// read it.
QString askedEarlySentence(const AskedEarly& asked, const LstmPicture& picture);

} // namespace timestep
