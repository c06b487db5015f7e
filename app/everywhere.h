// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/kernels.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace timestep {

class Arguments;

// The options that every command has, read.

/// --kernel, else the fastest (or TIMESTEP_KERNEL). Throws Error where this machine has it not.
const Kernels& chosenKernels(const Arguments& arguments);

/// --seed
std::uint64_t chosenSeed(const Arguments& arguments);

/// --memory in bytes; 0 where it was not given: half of what is free.
std::size_t chosenMemoryBudget(const Arguments& arguments);

/// Bytes of --text or of the file that --text-file names, for commands that have both options;
/// `fallback` where neither is given. Throws UsageError for both at once, Error for an unreadable
/// file.
std::string chosenText(const Arguments& arguments, const std::string& fallback);

/// The first text of the program: what is shown, and timed, where no other is given. Each of its
/// words is one token of the bundled vocabulary, and its second sentence begins as its first.
inline constexpr const char* firstText
    = "The first state has the power and the other has the money. "
      "The first state has the";

} // namespace timestep
