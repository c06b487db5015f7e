// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"

#include <QString>

namespace timestep {

// What reading T = `tokens` tokens of one text costs in memory beside the weights, by the formulas
// of the documentation: plan, not measured.

/// What attention keeps for the tokens that are still to come, and what the LSTM keeps in its
/// place.
struct KeptMemoryText
{
    QString full;
    QString brief; // for narrow windows
};
KeptMemoryText keptMemoryText(
    const ModelShape& attention, const ModelShape& lstm, int tokens, bool causal);

/// What the affinities would take if they were stored, and what they take tile by tile.
QString affinityMemoryText(const ModelShape& attention, int tokens);

} // namespace timestep
