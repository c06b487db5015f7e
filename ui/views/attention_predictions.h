// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/predictions.h"
#include "engine/text/vocabulary.h"

#include <QString>

namespace timestep {

/// "and 0.11 · key 0.09 · . 0.08"
QString predictionText(const std::vector<Prediction>& predictions, const Vocabulary& vocabulary);

} // namespace timestep
