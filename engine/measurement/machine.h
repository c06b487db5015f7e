// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace timestep {

/// What the processor calls itself; "unknown" where the system does not say.
std::string processorName();

/// Cores that this process may use, at least 1.
int processorCores();

/// Where times were measured: the computer, its system and the program. Empty where not known.
struct Machine
{
    std::string processor;
    int cores = 0; // that the process may use; 0: not known
    std::size_t memoryBytes = 0; // of the whole computer; 0: not known
    std::string system; // "Debian GNU/Linux 12 (bookworm)"
    std::string systemKernel; // "Linux 6.1.0 x86_64"
    std::string version; // of this program
    std::string compiler; // that built it
    bool operator==(const Machine&) const = default;
};

/// Read once, at the first call.
const Machine& thisMachine();

} // namespace timestep
