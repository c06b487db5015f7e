// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/whole_file.h"

#include "engine/error.h"

#include <cerrno>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace timestep {

namespace fs = std::filesystem;

namespace {

std::string reason() { return std::generic_category().message(errno); }

} // namespace

std::string readWholeFile(const fs::path& file)
{
    std::error_code failed;
    if (fs::is_directory(file, failed))
        throw Error(file.string() + " is a folder, but a file is needed here");
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw Error("cannot open " + file.string() + ": " + reason());
    std::string bytes;
    char block[1 << 16];
    while (in.read(block, sizeof block) || in.gcount() > 0)
        bytes.append(block, static_cast<std::size_t>(in.gcount()));
    if (in.bad())
        throw Error("cannot read " + file.string() + ": " + reason());
    return bytes;
}

void writeWholeFile(const fs::path& file, std::string_view bytes)
{
    // In the same folder, so that the move cannot cross to another file system.
    const fs::path unfinished = file.string() + ".part" + std::to_string(::getpid());
    errno = 0;
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    std::error_code failed;
    if (!out) {
        const std::string why = reason();
        fs::remove(unfinished, failed);
        throw Error("cannot write " + file.string() + ": " + why);
    }
    fs::rename(unfinished, file, failed);
    if (failed) {
        std::error_code ignored;
        fs::remove(unfinished, ignored);
        throw Error("cannot write " + file.string() + ": " + failed.message());
    }
}

} // namespace timestep
