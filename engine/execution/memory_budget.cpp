// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/memory_budget.h"

#include "engine/error.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <unistd.h>

namespace timestep {

namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

std::size_t availableBytes()
{
    std::ifstream file("/proc/meminfo");
    std::string name, unit;
    std::size_t kibibytes = 0;
    while (file >> name >> kibibytes && std::getline(file, unit)) {
        if (name == "MemAvailable:")
            return kibibytes * 1024;
    }
    return static_cast<std::size_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)))
        * static_cast<std::size_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
}

std::optional<std::size_t> numberIn(const char* path)
{
    std::ifstream file(path);
    std::size_t number = 0;
    return file >> number ? std::optional(number) : std::nullopt; // "max" is no number: no limit
}

std::size_t controlGroupBytesLeft()
{
    const std::optional<std::size_t> most = numberIn("/sys/fs/cgroup/memory.max");
    const std::optional<std::size_t> used = numberIn("/sys/fs/cgroup/memory.current");
    if (!most || !used)
        return unlimited;
    return *most > *used ? *most - *used : 0;
}

} // namespace

std::size_t freeMemoryBytes() { return std::min(availableBytes(), controlGroupBytesLeft()); }

std::size_t memoryBudgetBytes(std::size_t asked)
{
    return asked > 0 ? asked : freeMemoryBytes() / 2;
}

void refuseBeyondBudget(const std::string& what, std::size_t needed, std::size_t asked)
{
    const std::size_t budget = memoryBudgetBytes(asked);
    if (needed <= budget)
        return;
    throw Error(what + " would need " + std::to_string(needed)
        + " bytes of memory, and the budget is " + std::to_string(budget)
        + "; raise it (--memory) or take less: a smaller model, fewer rows, a shorter text");
}

} // namespace timestep
