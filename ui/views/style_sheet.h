// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/theme.h"

#include <QString>

namespace timestep {

/// The window's style sheet in a theme's colours, all sizes but hairlines times `scale`.
QString styleSheet(const Theme& theme, double scale);

/// The height of plain text at 100 %; everything else follows it.
inline constexpr int baseFontPixels = 15;

} // namespace timestep
