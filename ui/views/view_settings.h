// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

enum class ThemeChoice
{
    System,
    Light,
    Dark
};
enum class Motion
{
    System,
    Full,
    Reduced
};

/// How the window looks; nothing of it changes what is computed.
struct ViewSettings
{
    ThemeChoice theme = ThemeChoice::System;
    Motion motion = Motion::System;
    double scale = 1; // 0.7 … 2.5
    bool nextTokenFolded = false; // the panel of the next tokens is a line
    bool presentation = false; // full screen, large letters, no side panes
    bool operator==(const ViewSettings&) const = default;
};

/// Whether the desktop asks for less motion (as KDE and GTK store it).
bool systemReducesMotion();

} // namespace timestep
