// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace timestep {

/// A pair, and what openModelPair takes to open it again.
struct OpenedPair
{
    ModelPair models;
    std::vector<std::string> names; // of models or pairs that come with the program, or folders
};

/// None: the default pair that comes with the program. One pair, or two models of different kind
/// and with the same vocabulary: these. One model that comes with the program: with its partner
/// there. One folder: that model and an untrained partner of equal parameters. Throws Error.
OpenedPair openModelPair(const std::vector<std::string>& namesOrFolders, std::uint64_t seed);

/// That model and, where it is trained and has the same vocabulary, the one of the other kind that
/// `beside` has; else as if it were opened alone. Throws Error.
OpenedPair openModelBeside(
    const std::string& nameOrFolder, const ModelPair& beside, std::uint64_t seed);

} // namespace timestep
