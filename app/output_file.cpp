// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output_file.h"

#include "engine/error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <unistd.h>

namespace timestep {

namespace fs = std::filesystem;

namespace {

struct UnfinishedFiles
{
    std::mutex mutex;
    std::set<fs::path> paths;
};

UnfinishedFiles& unfinishedFiles()
{
    static UnfinishedFiles files;
    return files;
}

[[noreturn]] void fail(const std::string& path, int error)
{
    throw Error("cannot write " + (path == "-" ? "to standard output" : path) + ": "
        + std::generic_category().message(error) + "; choose another place or make room");
}

void writeAll(int file, std::string_view content, const std::string& path)
{
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail(path, errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// The file that a chain of links names, so that the link stays a link.
fs::path resolved(const std::string& path)
{
    std::error_code unresolved;
    const fs::path place = fs::weakly_canonical(path, unresolved);
    return unresolved ? fs::path(path) : place;
}

} // namespace

OutputFile::OutputFile(const std::string& path)
    : m_path(path)
{
    if (path == "-") {
        m_file = STDOUT_FILENO;
        return;
    }
    m_place = resolved(path);
    std::error_code unknown;
    if (fs::exists(m_place, unknown) && !fs::is_regular_file(m_place, unknown)) {
        m_file = open(m_place.c_str(), O_WRONLY | O_CLOEXEC);
    } else {
        m_unfinished = m_place;
        m_unfinished += ".unfinished-" + std::to_string(getpid());
        UnfinishedFiles& files = unfinishedFiles();
        const std::lock_guard lock(files.mutex);
        m_file = open(m_unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (m_file >= 0)
            files.paths.insert(m_unfinished);
    }
    if (m_file < 0)
        fail(path, errno);
}

OutputFile::~OutputFile()
{
    if (m_path == "-")
        return;
    if (m_file >= 0)
        close(m_file);
    if (m_unfinished.empty())
        return;
    UnfinishedFiles& files = unfinishedFiles();
    const std::lock_guard lock(files.mutex);
    if (files.paths.erase(m_unfinished) > 0)
        unlink(m_unfinished.c_str());
}

void OutputFile::write(std::string_view part) { writeAll(m_file, part, m_path); }

void OutputFile::commit(std::string_view rest)
{
    write(rest);
    if (m_path == "-")
        return;
    const int closed = close(m_file);
    m_file = -1;
    if (closed != 0)
        fail(m_path, errno);
    if (m_unfinished.empty())
        return;
    UnfinishedFiles& files = unfinishedFiles();
    const std::lock_guard lock(files.mutex);
    if (rename(m_unfinished.c_str(), m_place.c_str()) != 0)
        fail(m_path, errno);
    files.paths.erase(m_unfinished);
}

void OutputFile::removeUnfinished()
{
    UnfinishedFiles& files = unfinishedFiles();
    const std::lock_guard lock(files.mutex);
    for (const fs::path& path : files.paths)
        unlink(path.c_str());
    files.paths.clear();
}

} // namespace timestep
