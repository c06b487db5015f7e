// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace timestep {

/// The pieces in `vocab.json`, as symbols: one object whose keys are pieces and whose values are
/// their ids. The nesting of the file is not followed, so a deep one is refused at its second
/// level.
struct VocabularyJson
{
    std::vector<std::string> symbols; // by id; empty where an id has no piece
    std::unordered_map<std::string, TokenId> ids; // by symbols
};

/// `file` is named in errors only. Throws Error for broken JSON, an entry that is no id, an id or a
/// piece that occurs twice, a byte symbol that is missing.
VocabularyJson parseVocabularyJson(std::string_view json, const std::filesystem::path& file);

std::string formatVocabularyJson(const std::vector<std::string>& symbols);

/// A piece as an error shows it: in quotes, in one line, cut where it is long.
std::string quotedSymbols(std::string_view symbols);

} // namespace timestep
