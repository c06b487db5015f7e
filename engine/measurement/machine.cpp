// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/machine.h"

#include "engine/resource_folder.h"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace timestep {

namespace {

/// What follows `separator` in the first line of a file that begins with `key`; empty: there is
/// none.
std::string valueIn(const char* file, std::string_view key, char separator)
{
    std::ifstream description(file);
    for (std::string line; std::getline(description, line);) {
        if (!line.starts_with(key))
            continue;
        const std::size_t begin = line.find_first_not_of(
            std::string(" \t") + separator, line.find(separator, key.size()));
        if (begin != std::string::npos)
            return line.substr(begin);
    }
    return {};
}

std::size_t memoryBytes()
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long bytesOfPage = sysconf(_SC_PAGESIZE);
    return pages > 0 && bytesOfPage > 0
        ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(bytesOfPage)
        : 0;
}

std::string systemName()
{
    std::string name = valueIn("/etc/os-release", "PRETTY_NAME", '=');
    std::erase(name, '"');
    return name;
}

std::string systemKernel()
{
    utsname names {};
    if (uname(&names) != 0)
        return {};
    return std::string(names.sysname) + ' ' + names.release + ' ' + names.machine;
}

std::string compilerName()
{
#if defined(__clang__)
    return "Clang " __clang_version__;
#elif defined(__GNUC__)
    return "GCC " __VERSION__;
#else
    return {};
#endif
}

} // namespace

std::string processorName()
{
    const std::string name = valueIn("/proc/cpuinfo", "model name", ':');
    return name.empty() ? "unknown" : name;
}

int processorCores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

const Machine& thisMachine()
{
    static const Machine machine { processorName(), processorCores(), memoryBytes(), systemName(),
        systemKernel(), std::string(programVersion()), compilerName() };
    return machine;
}

} // namespace timestep
