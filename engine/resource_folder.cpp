// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/resource_folder.h"

#include "engine/error.h"

#include <cstdlib>

namespace timestep {

namespace fs = std::filesystem;

fs::path resourceFolder()
{
    if (const char* chosen = std::getenv("TIMESTEP_RESOURCES")) // NOLINT(concurrency-mt-unsafe)
        return chosen;
    std::error_code unreadable;
    const fs::path installed
        = fs::read_symlink("/proc/self/exe", unreadable).parent_path().parent_path() / "share/timestep";
    for (const fs::path& candidate : { installed, fs::path(TIMESTEP_SOURCE_RESOURCES) }) {
        if (fs::is_directory(candidate, unreadable))
            return candidate;
    }
    throw Error("the program's resources are neither in " + installed.string() + " nor in "
        + TIMESTEP_SOURCE_RESOURCES + "; set TIMESTEP_RESOURCES to the folder that holds them");
}

std::string_view programVersion()
{
    return TIMESTEP_VERSION;
}

} // namespace timestep
