// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace timestep {

class Arguments;

/// Each name that of a bundled model or pair, or the folder of a model. Throws Error for a name
/// that is neither, and for a wrong folder.
std::vector<ModelPointer> namedModels(
    const std::vector<std::string>& names, const Arguments& arguments);

/// Those that --model names; without --model the default pair, the LSTM first.
std::vector<ModelPointer> chosenModels(const Arguments& arguments);

/// What was odd about the models' folders, on standard error, in the name of `program`.
void tellWarnings(const std::vector<ModelPointer>& models, std::string_view program);

} // namespace timestep
