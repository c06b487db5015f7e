// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/bundled_models.h"
#include "engine/model/model.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace timestep {

/// Throws Error.
std::shared_ptr<const Vocabulary> bundledVocabulary(BundledVocabulary vocabulary);

/// Reads the model, or makes it from `seed`. Throws Error.
ModelPointer openBundledModel(const BundledModel& model, std::uint64_t seed);

/// Each the name of a model or of a pair that comes with the program, else the folder of a model. A
/// name means the same wherever the program is started: a folder that is called like a model is
/// reached as ./NAME, and a warning of the model says so. Pairs become two models, the LSTM first.
/// Throws Error for a name that is neither, and for a wrong folder.
std::vector<ModelPointer> openModels(
    const std::vector<std::string>& namesOrFolders, std::uint64_t seed);

} // namespace timestep
