// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/vocabulary.h"

#include "engine/error.h"
#include "engine/resource_folder.h"
#include "engine/text/byte_symbols.h"
#include "engine/text/vocabulary_files.h"
#include "engine/text/vocabulary_json.h"

#include <set>
#include <unordered_map>

namespace timestep {

namespace {

constexpr std::string_view endOfTextSymbols = "<|endoftext|>";

/// Gives ids to the pieces of `fromMerges` as they come.
class Numbering
{
public:
    Numbering()
    {
        for (const unsigned char byte : byteOrder())
            add(symbolsOf({ reinterpret_cast<const char*>(&byte), 1 }));
    }

    /// Two merges may lead to one piece ("a" + "bc", "ab" + "c"); it has one id.
    TokenId add(const std::string& symbols)
    {
        const auto [place, isNew] = m_ids.emplace(symbols, static_cast<TokenId>(m_symbols.size()));
        if (isNew)
            m_symbols.push_back(symbols);
        return place->second;
    }

    TokenId known(const std::string& bytes) const
    {
        const auto found = m_ids.find(symbolsOf(bytes));
        if (found == m_ids.end())
            throw Error("a merge uses the piece " + quotedSymbols(symbolsOf(bytes))
                + ", which no earlier merge makes");
        return found->second;
    }

    std::vector<std::string> take() { return std::move(m_symbols); }

private:
    std::vector<std::string> m_symbols;
    std::unordered_map<std::string, TokenId> m_ids;
};

} // namespace

Vocabulary::Vocabulary(std::vector<std::string> symbols, std::vector<Merge> merges)
    : m_symbols(std::move(symbols))
    , m_merges(std::move(merges))
    , m_ranks(m_merges)
{
    m_bytes.reserve(m_symbols.size());
    for (std::size_t id = 0; id < m_symbols.size(); ++id) {
        const bool isEndOfText = m_symbols[id] == endOfTextSymbols;
        if (isEndOfText)
            m_endOfText = static_cast<TokenId>(id);
        m_bytes.push_back(isEndOfText ? std::string() : bytesOf(m_symbols[id]).value_or(""));
        if (m_bytes[id].size() == 1)
            m_byteIds[static_cast<unsigned char>(m_bytes[id][0])] = static_cast<TokenId>(id);
    }
}

std::shared_ptr<const Vocabulary> Vocabulary::load(const std::filesystem::path& folder)
{
    VocabularyFiles files = readVocabularyFiles(folder);
    return std::shared_ptr<const Vocabulary>(
        new Vocabulary(std::move(files.symbols), std::move(files.merges)));
}

std::shared_ptr<const Vocabulary> Vocabulary::bundled()
{
    static const std::shared_ptr<const Vocabulary> vocabulary
        = load(resourceFolder() / "vocabulary");
    return vocabulary;
}

std::shared_ptr<const Vocabulary> Vocabulary::singleBytes()
{
    static const std::shared_ptr<const Vocabulary> vocabulary = fromMerges({});
    return vocabulary;
}

std::shared_ptr<const Vocabulary> Vocabulary::fromMerges(
    const std::vector<std::pair<std::string, std::string>>& merges)
{
    Numbering numbering;
    std::vector<Merge> numbered;
    std::set<std::pair<TokenId, TokenId>> seen;
    for (const auto& [left, right] : merges) {
        const TokenId leftId = numbering.known(left);
        const TokenId rightId = numbering.known(right);
        if (!seen.emplace(leftId, rightId).second)
            throw Error("the merge " + quotedSymbols(symbolsOf(left) + " " + symbolsOf(right))
                + " occurs twice");
        numbered.push_back({ leftId, rightId, numbering.add(symbolsOf(left + right)) });
    }
    numbering.add(std::string(endOfTextSymbols));
    return std::shared_ptr<const Vocabulary>(new Vocabulary(numbering.take(), std::move(numbered)));
}

void Vocabulary::save(const std::filesystem::path& folder) const
{
    writeVocabularyFiles({ m_symbols, m_merges }, folder);
}

std::string_view Vocabulary::bytes(TokenId id) const
{
    return id >= 0 && id < size() ? std::string_view(m_bytes[static_cast<std::size_t>(id)])
                                  : std::string_view();
}

bool Vocabulary::operator==(const Vocabulary& other) const
{
    return m_symbols == other.m_symbols && m_merges == other.m_merges;
}

} // namespace timestep
