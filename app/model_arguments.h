// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace timestep {

class Arguments;

/// The models that come with the program: the untrained pair of --seed.
ModelPair bundledModels(const Arguments& arguments);

/// Each name that of a bundled model or the folder of one. Throws Error for a name that is neither,
/// and for a wrong folder.
std::vector<ModelPointer> namedModels(
    const std::vector<std::string>& names, const Arguments& arguments);

/// Those that --model names; without --model the bundled pair, the LSTM first.
std::vector<ModelPointer> chosenModels(const Arguments& arguments);

/// What was odd about the models' folders, on standard error, in the name of `program`.
void tellWarnings(const std::vector<ModelPointer>& models, std::string_view program);

} // namespace timestep
