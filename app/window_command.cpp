// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "engine/error.h"

namespace timestep {

Command windowCommand()
{
    return { .name = "",
        .purpose = "Opens the window",
        .options = {
            { "--model", "DIR", "folder of a model; two folders make the pair (default: the bundled pair)",
                Option::Takes::Values },
            { "--text", "TEXT", "text to begin with" },
            { "--text-file", "FILE", "file that holds the text to begin with" },
        },
        .run = [](const Arguments&, std::stop_token) -> int {
            throw Error("the window is not built yet; see timestep --help for the commands");
        } };
}

} // namespace timestep
