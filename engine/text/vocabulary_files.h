// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/merge_table.h"

#include <filesystem>
#include <string>
#include <vector>

namespace timestep {

/// What `vocab.json` and `merges.txt` say, checked against each other.
struct VocabularyFiles
{
    std::vector<std::string> symbols; // by id; empty where an id has no piece
    std::vector<Merge> merges; // by rank
};

/// Throws Error that names the file and the entry.
VocabularyFiles readVocabularyFiles(const std::filesystem::path& folder);

/// Creates the folder where needed. Throws Error.
void writeVocabularyFiles(const VocabularyFiles& files, const std::filesystem::path& folder);

} // namespace timestep
