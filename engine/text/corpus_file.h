// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace timestep {

/// The documents of a corpus: plain text, UTF-8 as a rule, in which a line that holds
/// `<|endoftext|>` and nothing else parts two documents. The bytes of a document are taken as they
/// are, the line end before such a line included; empty documents are left out. Of a folder, all
/// files in it and below whose name ends in `.txt` are read, in the order of their paths by bytes.
/// Throws Error that names the file, or the folder that holds no such file.
std::vector<std::string> readCorpus(const std::filesystem::path& fileOrFolder);

/// The files that readCorpus reads, in their order: the file itself, or those of the folder. Throws
/// Error where a folder has none.
std::vector<std::filesystem::path> corpusFiles(const std::filesystem::path& fileOrFolder);

} // namespace timestep
