// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_plot_content.h"

#include <QString>

namespace timestep {

/// The plot in words, for who does not see it: each curve from its first point to its last, then
/// the crossovers.
QString raceDescription(const RacePlotContent& content);

} // namespace timestep
