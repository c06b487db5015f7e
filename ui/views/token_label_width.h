// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QFontMetrics>
#include <QString>

#include <functional>

namespace timestep {

/// Pixels beyond which the label of a token in a picture is elided.
int widestTokenLabel(const QFontMetrics& metrics);

/// Pixels that the widest of `tokens` labels takes as it is drawn, bold where it is pinned.
int tokenLabelWidth(int tokens, const std::function<QString(int token)>& label, const QFont& font);

} // namespace timestep
