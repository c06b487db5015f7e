// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <vector>

namespace timestep {

class Arguments;

/// The models that come with the program: the untrained pair of --seed.
ModelPair bundledModels(const Arguments& arguments);

/// Those that --model names, each a bundled model's name or the folder of one; without --model the
/// bundled pair, the LSTM first. Throws Error for a name that is neither, and for a wrong folder.
std::vector<ModelPointer> chosenModels(const Arguments& arguments);

} // namespace timestep
