// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace timestep {

// Any bytes as text of one line, and back without loss: a newline is shown as ⏎, and each byte that
// is not valid UTF-8 (and each byte of a ⏎ that is really in the text) becomes a lone surrogate
// U+DC80 … U+DCFF, which valid text never holds.

QString lineFromBytes(std::string_view bytes);
std::string bytesFromLine(const QString& line);

} // namespace timestep
