// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/everywhere.h"

#include "app/arguments.h"
#include "engine/error.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <system_error>

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
        return readFile(arguments.text("--text-file"));
    return arguments.text("--text", fallback);
}

std::string readFile(const std::string& path)
{
    std::ifstream file;
    std::istream& stream = path == "-" ? std::cin : file;
    errno = 0;
    if (path != "-")
        file.open(path, std::ios::binary);
    std::string bytes;
    if (stream)
        bytes.assign(std::istreambuf_iterator<char>(stream), {});
    // A folder opens, but cannot be read.
    if (stream.bad() || (path != "-" && !file.is_open()) || errno == EISDIR) {
        throw Error("cannot read " + path + ": " + std::generic_category().message(errno)
            + "; name a file that can be read");
    }
    return bytes;
}

} // namespace timestep
