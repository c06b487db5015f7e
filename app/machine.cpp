// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/machine.h"

#include <algorithm>
#include <fstream>
#include <thread>

namespace timestep {

std::string processorName()
{
    std::ifstream description("/proc/cpuinfo");
    for (std::string line; std::getline(description, line);) {
        if (!line.starts_with("model name"))
            continue;
        const std::size_t begin = line.find_first_not_of(" \t:", line.find(':'));
        if (begin != std::string::npos)
            return line.substr(begin);
    }
    return "unknown";
}

int processorCores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

} // namespace timestep
