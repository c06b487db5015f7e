// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"
#include "engine/model/safetensors.h"

#include <filesystem>
#include <memory>
#include <string>

namespace timestep {

/// Reads config.json, model.safetensors (F32, F16, BF16), vocab.json and merges.txt. Throws Error
/// that names the file, the tensor, what was expected and what was found; nothing is allocated on
/// the word of a header.
ModelPointer loadModel(const std::filesystem::path& folder);

/// The same of a model that comes with the program: its folder holds config.json and
/// model.safetensors alone, for its vocabulary is part of the program.
ModelPointer loadBundledModel(const std::filesystem::path& folder, const std::string& name,
    std::shared_ptr<const Vocabulary> vocabulary);

/// Writes the four files, each whole or not at all. Throws Error, which names the tensor where a
/// weight has no finite value in the format.
void saveModel(const Model& model, const std::filesystem::path& folder,
    NumberFormat format = NumberFormat::F32);

} // namespace timestep
