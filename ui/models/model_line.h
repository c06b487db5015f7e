// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <QString>

namespace timestep {

/// "name · 1,234,567 parameters · 2 layers of 256 · untrained": what a model is, in one line.
QString modelLine(const Model& model);

/// The same for the pair in few words, for the foot of a pane: "both models are untrained",
/// "the LSTM is untrained"; empty where both are trained.
QString untrainedNote(const ModelPair& models);

} // namespace timestep
