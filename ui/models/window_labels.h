// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"

#include <QStringList>

namespace timestep {

/// The labels of the tokens that both models read, one each, without the space in front.
QStringList windowLabels(const Run& run);

} // namespace timestep
