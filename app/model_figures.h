// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"
#include "engine/training/evaluation.h"

#include <string>

namespace timestep {

class JsonStream;

// What every report of an evaluation says of a model and of a score, in the same words.

std::string shownName(const Model& model);
std::string percentText(const Score& score); // "48.0 %", of what was right

/// The keys name, kind, parameters.
void writeModel(JsonStream& json, const Model& model);

/// The keys `targets`, right, share_right, loss.
void writeScore(JsonStream& json, const Score& score, const char* targets);

} // namespace timestep
