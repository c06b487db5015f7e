// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"

#include <QStringList>

namespace timestep {

/// The labels of the tokens that both models read, one each, without the space in front.
QStringList windowLabels(const Run& run);

/// Some of these tokens (steps of the window) as they stand in the text, without the spaces at the
/// ends; what else would not be seen is shown as in labels.
QString windowText(const Run& run, IndexRange steps);

} // namespace timestep
