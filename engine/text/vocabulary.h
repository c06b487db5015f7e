// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <filesystem>
#include <memory>
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

    /// Writes both files; each appears whole or not at all. Throws Error.
    void save(const std::filesystem::path& folder) const;

    /// Largest id + 1: the fewest rows an embedding must have.
    TokenId size() const;

    /// The bytes that `id` stands for; empty for an id that has no piece (and for <|endoftext|>).
    std::string_view bytes(TokenId id) const;

    /// Same pieces, ids and merges: the two models of a pair must agree in this.
    bool operator==(const Vocabulary& other) const;
};

} // namespace timestep
