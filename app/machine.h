// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace timestep {

/// What the processor calls itself; "unknown" where the system does not say.
std::string processorName();

/// Cores that this process may use, at least 1.
int processorCores();

} // namespace timestep
