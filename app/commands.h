// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command.h"

#include <vector>

namespace timestep {

/// The command without a name.
Command windowCommand();

Command inspectCommand();
Command benchCommand();
Command traceCommand();
Command trainCommand();
Command evaluateCommand();
Command learnVocabularyCommand();
Command modelsCommand();
Command renderCommand();

/// All others, in the order of `timestep --help`.
std::vector<Command> allCommands();

} // namespace timestep
