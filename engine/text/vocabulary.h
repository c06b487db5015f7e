// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/merge_table.h"
#include "engine/text/token.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace timestep {

/// The pieces of a byte-level BPE and the order in which they are merged: `vocab.json` and
/// `merges.txt` as GPT-2 writes them. Immutable.
class Vocabulary
{
public:
    /// Reads FOLDER/vocab.json and FOLDER/merges.txt. Throws Error that names the file and the
    /// entry: broken JSON, a missing byte symbol, a merge of unknown pieces, an id twice.
    static std::shared_ptr<const Vocabulary> load(const std::filesystem::path& folder);

    /// The vocabulary that comes with the program (`resources/vocabulary`).
    static std::shared_ptr<const Vocabulary> bundled();

    /// One token for every byte, and <|endoftext|>.
    static std::shared_ptr<const Vocabulary> singleBytes();

    /// From merges alone, each a left and a right piece as bytes, in order of rank. Ids: the 256
    /// byte symbols in GPT-2's order, the merged pieces in order, then <|endoftext|>. Throws Error
    /// where a pair occurs twice or a piece is neither a byte nor the result of an earlier merge.
    static std::shared_ptr<const Vocabulary> fromMerges(
        const std::vector<std::pair<std::string, std::string>>& merges);

    /// Writes both files; each appears whole or not at all. Throws Error.
    void save(const std::filesystem::path& folder) const;

    /// Largest id + 1: the fewest rows an embedding must have.
    TokenId size() const { return static_cast<TokenId>(m_symbols.size()); }

    /// The bytes that `id` stands for; empty for an id that has no piece (and for <|endoftext|>).
    std::string_view bytes(TokenId id) const;

    /// The piece that is this byte alone.
    TokenId byteId(unsigned char byte) const { return m_byteIds[byte]; }

    /// The id that parts the documents of a training text, where the vocabulary has one.
    std::optional<TokenId> endOfText() const { return m_endOfText; }

    /// In order of rank: of all pairs in a word, the one of the lowest rank is merged first.
    const std::vector<Merge>& merges() const { return m_merges; }

    /// The index into `merges` of this pair, where it has one.
    std::optional<std::uint32_t> rank(TokenId left, TokenId right) const
    {
        return m_ranks.rank(left, right);
    }

    /// Same pieces, ids and merges: the two models of a pair must agree in this.
    bool operator==(const Vocabulary& other) const;

private:
    /// `symbols` by id as `vocab.json` writes them, all 256 byte symbols among them; an empty one
    /// is an id without a piece. No pair of `merges` occurs twice.
    Vocabulary(std::vector<std::string> symbols, std::vector<Merge> merges);

    std::vector<std::string> m_symbols; // by id
    std::vector<std::string> m_bytes; // by id
    std::array<TokenId, 256> m_byteIds {};
    std::optional<TokenId> m_endOfText;
    std::vector<Merge> m_merges;
    MergeTable m_ranks;
};

} // namespace timestep
