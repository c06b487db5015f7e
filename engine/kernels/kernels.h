// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace timestep {

/// The hot loops for one instruction set, as a table of functions: "reference", "sse4", "avx2",
/// "avx512" or "neon". Chosen once at start-up and passed along, never global.
struct Kernels
{
    std::string_view name;
};

/// All that this machine can run, slowest first; `reference` is always there.
std::vector<const Kernels*> availableKernels();

/// The fastest. TIMESTEP_KERNEL overrides it; throws Error where that names none.
const Kernels& defaultKernels();

/// Throws Error that lists the available ones.
const Kernels& kernelsNamed(std::string_view name);

} // namespace timestep
