// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/everywhere.h"

namespace timestep {

const Kernels& chosenKernels(const Arguments& arguments)
{
    if (!arguments.has("--kernel"))
        return defaultKernels();
    return kernelsNamed(
        arguments.choice("--kernel", "", { knownKernelNames.begin(), knownKernelNames.end() }));
}

} // namespace timestep
