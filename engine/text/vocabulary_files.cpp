// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/vocabulary_files.h"

#include "engine/error.h"
#include "engine/text/vocabulary_json.h"
#include "engine/whole_file.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace timestep {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view versionLine = "#version: 0.2";

fs::path piecesFile(const fs::path& folder) { return folder / "vocab.json"; }

fs::path mergesFile(const fs::path& folder) { return folder / "merges.txt"; }

/// Turns the lines of `merges.txt` into merges of ids.
class MergeLines
{
public:
    MergeLines(const fs::path& file, const VocabularyJson& pieces)
        : m_file(file)
        , m_pieces(pieces)
    {
    }

    std::vector<Merge> parse(std::string_view text)
    {
        while (!text.empty()) {
            const std::size_t length = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, length);
            text.remove_prefix(std::min(length + 1, text.size()));
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            ++m_line;
            const bool isVersion = m_line == 1 && line.starts_with("#version");
            if (!line.empty() && !isVersion)
                add(line);
        }
        return std::move(m_merges);
    }

private:
    void add(std::string_view line)
    {
        const std::size_t space = line.find(' ');
        if (space == 0 || space >= line.size() - 1
            || line.find(' ', space + 1) != std::string_view::npos)
            throw Error(where() + ": expected two pieces and a space between, found "
                + quotedSymbols(line));
        const std::string left(line.substr(0, space));
        const std::string right(line.substr(space + 1));
        const Merge merge { id(left), id(right), id(left + right) };
        const auto pair = (static_cast<std::uint64_t>(merge.left) << 32U)
            | static_cast<std::uint64_t>(merge.right);
        if (!m_seen.insert(pair).second)
            throw Error(where() + ": the merge " + quotedSymbols(line) + " occurs twice");
        m_merges.push_back(merge);
    }

    TokenId id(const std::string& symbols) const
    {
        const auto found = m_pieces.ids.find(symbols);
        if (found == m_pieces.ids.end())
            throw Error(where() + ": the piece " + quotedSymbols(symbols)
                + " is not in vocab.json; the two files must come from one vocabulary");
        return found->second;
    }

    std::string where() const { return m_file.string() + ": line " + std::to_string(m_line); }

    const fs::path& m_file;
    const VocabularyJson& m_pieces;
    std::size_t m_line = 0;
    std::vector<Merge> m_merges;
    std::unordered_set<std::uint64_t> m_seen;
};

std::string formatMerges(const VocabularyFiles& files)
{
    std::string text = std::string(versionLine) + "\n";
    for (const Merge& merge : files.merges)
        text += files.symbols[static_cast<std::size_t>(merge.left)] + " "
            + files.symbols[static_cast<std::size_t>(merge.right)] + "\n";
    return text;
}

} // namespace

VocabularyFiles readVocabularyFiles(const fs::path& folder)
{
    const fs::path mergesPath = mergesFile(folder);
    VocabularyJson pieces
        = parseVocabularyJson(readWholeFile(piecesFile(folder)), piecesFile(folder));
    std::vector<Merge> merges = MergeLines(mergesPath, pieces).parse(readWholeFile(mergesPath));
    return { std::move(pieces.symbols), std::move(merges) };
}

void writeVocabularyFiles(const VocabularyFiles& files, const fs::path& folder)
{
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw Error("cannot create the folder " + folder.string() + ": " + failed.message());
    writeWholeFile(piecesFile(folder), formatVocabularyJson(files.symbols));
    writeWholeFile(mergesFile(folder), formatMerges(files));
}

} // namespace timestep
