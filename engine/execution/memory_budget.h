// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace timestep {

/// Bytes that can be allocated without swapping: what the system calls available, and no more than
/// the process's control group has left.
std::size_t freeMemoryBytes();

/// `asked`, or half of what is free where it is 0.
std::size_t memoryBudgetBytes(std::size_t asked);

/// Throws Error that names `what`, the bytes it would need, the budget and the setting to change,
/// where `needed` is more than memoryBudgetBytes(asked).
void refuseBeyondBudget(const std::string& what, std::size_t needed, std::size_t asked);

} // namespace timestep
