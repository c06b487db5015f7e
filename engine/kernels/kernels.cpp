// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/kernels.h"

#include "engine/error.h"
#include "engine/kernels/kernel_tables.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace timestep {

namespace {

std::string listed(const auto& names)
{
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

const Kernels& find(std::string_view name, std::string_view whoAsked)
{
    std::vector<std::string_view> available;
    for (const Kernels* kernels : availableKernels()) {
        if (kernels->name == name)
            return *kernels;
        available.push_back(kernels->name);
    }
    const bool known = std::find(knownKernelNames.begin(), knownKernelNames.end(), name)
        != knownKernelNames.end();
    throw Error(std::string(whoAsked) + " names \"" + std::string(name) + "\", "
        + (known ? "which this machine cannot run; choose one of: " + listed(available)
                 : "which is unknown; the known ones are: " + listed(knownKernelNames)));
}

/// Empty where it is not set.
std::string_view nameInEnvironment()
{
    const char* name = std::getenv("TIMESTEP_KERNEL");
    return name != nullptr ? name : "";
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
    if (defaultKernelsAreNamed())
        return find(nameInEnvironment(), "TIMESTEP_KERNEL");
    return *availableKernels().back();
}

bool defaultKernelsAreNamed() { return !nameInEnvironment().empty(); }

const Kernels& kernelsNamed(std::string_view name) { return find(name, "--kernel"); }

} // namespace timestep
