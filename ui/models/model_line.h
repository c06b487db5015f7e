// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <QString>

namespace timestep {

/// "name · 1,234,567 parameters · 2 layers of 256 · untrained": what a model is, in one line.
QString modelLine(const Model& model);

/// Where it comes from, and what was ignored when it was read, a line each.
QString modelNotes(const Model& model);

/// What of the pair is untrained, in few words: "both models are untrained",
/// "the LSTM is untrained"; empty where both are trained.
QString untrainedNote(const ModelPair& models);

} // namespace timestep
