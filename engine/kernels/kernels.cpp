// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/kernels.h"

#include "engine/error.h"
#include "engine/kernels/kernel_tables.h"

#include <cstdlib>
#include <string>

namespace timestep {

namespace {

const Kernels& find(std::string_view name, std::string_view whoAsked)
{
    std::string names;
    for (const Kernels* kernels : availableKernels()) {
        if (kernels->name == name)
            return *kernels;
        names += (names.empty() ? "" : ", ") + std::string(kernels->name);
    }
    throw Error(std::string(whoAsked) + " names \"" + std::string(name)
        + "\", which this machine cannot run; choose one of: " + names);
}

} // namespace

std::vector<const Kernels*> availableKernels()
{
    std::vector<const Kernels*> all { &referenceKernels() };
    for (const Kernels* kernels : vectorKernels())
        all.push_back(kernels);
    return all;
}

const Kernels& defaultKernels()
{
    const char* name = std::getenv("TIMESTEP_KERNEL");
    if (name != nullptr && *name != '\0')
        return find(name, "TIMESTEP_KERNEL");
    return *availableKernels().back();
}

const Kernels& kernelsNamed(std::string_view name) { return find(name, "--kernel"); }

} // namespace timestep
