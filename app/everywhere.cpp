// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/everywhere.h"

#include "app/arguments.h"
#include "engine/whole_file.h"

#include <limits>

namespace timestep {

std::uint64_t chosenSeed(const Arguments& arguments)
{
    return static_cast<std::uint64_t>(
        arguments.integer("--seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
}

std::size_t chosenMemoryBudget(const Arguments& arguments)
{
    return static_cast<std::size_t>(
        arguments.integer("--memory", 0, 1, std::numeric_limits<std::int64_t>::max()));
}

std::string chosenText(const Arguments& arguments, const std::string& fallback)
{
    if (arguments.has("--text") && arguments.has("--text-file"))
        throw UsageError("--text and --text-file are both given: only one text can be read");
    if (arguments.has("--text-file"))
        return readWholeFile(arguments.text("--text-file"));
    return arguments.text("--text", fallback);
}

} // namespace timestep
