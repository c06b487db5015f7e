// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace timestep {

/// None: the untrained pair that comes with the program. One folder: that model and an untrained
/// partner of equal parameters. Two: one model of each kind with the same vocabulary. Throws Error.
ModelPair openModelPair(const std::vector<std::filesystem::path>& folders, std::uint64_t seed);

/// That model and, where it was read from a folder and has the same vocabulary, the one of the
/// other kind that `beside` has; else an untrained partner of equal parameters. Throws Error.
ModelPair openModelBeside(
    const std::filesystem::path& folder, const ModelPair& beside, std::uint64_t seed);

/// The folders that openModelPair reads to make this pair again.
std::vector<std::filesystem::path> foldersOf(const ModelPair& pair);

} // namespace timestep
