// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/asked_early_answer.h"
#include "ui/views/step_memory.h"

#include <QString>

namespace timestep {

/// What the picture of a layer means: of a text that asks for what it has said, and whose end is
/// looked at, what became of the answer, else what is held or left. `memory`: of the step that is
/// looked at; null while it is not known yet, then empty.
QString lstmSentence(
    const LstmPicture& picture, const StepMemory* memory, const std::optional<AskedEarly>& asked);

} // namespace timestep
