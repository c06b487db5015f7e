// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace timestep {

/// Counts the bytes that one run has allocated, and the most it had at once. Passed to whoever
/// allocates; thread-safe.
class MemoryAccount;

} // namespace timestep
