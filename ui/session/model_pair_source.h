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

} // namespace timestep
