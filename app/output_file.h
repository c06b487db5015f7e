// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace timestep {

/// A file that appears whole or not at all: written beside its place and moved there by `commit`.
/// "-" is standard output. Opened before the work begins, so that a place that cannot be written
/// to is told at once. Throws Error that names the file and the reason.
class OutputFile
{
public:
    explicit OutputFile(const std::string& path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Adds to what is to be put in its place; for content that is not held in memory as a whole.
    void write(std::string_view part);

    /// Adds the rest and puts it in its place.
    void commit(std::string_view rest);

    /// Removes what is not committed in the whole program: for an end in the middle of the work.
    static void removeUnfinished();

private:
    std::string m_path;
    std::filesystem::path m_place; // where the link named by m_path points to
    std::filesystem::path m_unfinished; // empty for what is not a regular file: written in place
    int m_file = -1;
};

} // namespace timestep
