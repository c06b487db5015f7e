// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string_view>

namespace timestep {

enum class LeadingSpace
{
    Dot,
    Hidden
};

/// A token's bytes as a short label: "·" for a space, "⏎" for a newline, and a visible form for
/// every byte or character that would not be seen: control characters as their pictures, invalid
/// UTF-8 as \xNN, marks that join or turn text as U+NNNN. Never empty but for no bytes.
/// `Hidden` drops the space in front of a word, where labels stand apart anyway.
QString tokenLabel(std::string_view bytes, LeadingSpace leadingSpace = LeadingSpace::Dot);

} // namespace timestep
