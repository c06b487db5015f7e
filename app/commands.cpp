// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands.h"

namespace timestep {

std::vector<Command> allCommands()
{
    return {
        inspectCommand(),
        benchCommand(),
        traceCommand(),
        trainCommand(),
        evaluateCommand(),
        learnVocabularyCommand(),
        modelsCommand(),
        renderCommand(),
    };
}

} // namespace timestep
