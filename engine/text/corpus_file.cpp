// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/corpus_file.h"

#include "engine/error.h"
#include "engine/whole_file.h"

#include <algorithm>
#include <string_view>
#include <system_error>

namespace timestep {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view separator = "<|endoftext|>";

/// The line that begins at `begin`, without its line end; `next` is where the following one begins.
std::string_view lineAt(std::string_view text, std::size_t begin, std::size_t& next)
{
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    next = std::min(end + 1, text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

void appendDocuments(std::string_view text, std::vector<std::string>& documents)
{
    std::size_t begin = 0; // of the document
    const auto finish = [&](std::size_t end) {
        if (end > begin)
            documents.emplace_back(text.substr(begin, end - begin));
    };
    for (std::size_t line = 0, next = 0; line < text.size(); line = next) {
        if (lineAt(text, line, next) != separator)
            continue;
        finish(line);
        begin = next;
    }
    finish(text.size());
}

std::vector<fs::path> textFilesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code failed;
    for (auto entry = fs::recursive_directory_iterator(folder, failed);
         !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
        std::error_code unknown;
        if (entry->path().extension() == ".txt" && !entry->is_directory(unknown))
            files.push_back(entry->path());
    }
    if (failed)
        throw Error("cannot list the folder " + folder.string() + ": " + failed.message());
    if (files.empty())
        throw Error("the folder " + folder.string()
            + " holds no file that ends in .txt; name a corpus file or another folder");
    std::sort(files.begin(), files.end(),
        [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    return files;
}

} // namespace

std::vector<std::string> readCorpus(const fs::path& fileOrFolder)
{
    std::vector<std::string> documents;
    for (const fs::path& file : corpusFiles(fileOrFolder))
        appendDocuments(readWholeFile(file), documents);
    return documents;
}

std::vector<fs::path> corpusFiles(const fs::path& fileOrFolder)
{
    std::error_code unknown;
    return fs::is_directory(fileOrFolder, unknown) ? textFilesIn(fileOrFolder)
                                                   : std::vector { fileOrFolder };
}

} // namespace timestep
