// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace timestep {

/// The colours of one theme, in every pane the same: recurrence is orange, attention blue, yellow
/// outline is the pin and nothing else.
struct Theme
{
    bool dark = false;
    QColor window, panel, field, border; // surfaces, and the hairline between them
    QColor text, secondaryText; // both at least 4.5:1 on window, panel and field
    QColor button, buttonText; // the one dark (light) button: Run, Play
    QColor tooltip, tooltipText;
    QColor pin; // yellow
    QColor bracket; // grey: a range

    /// The shades of one model's colour.
    struct ModelColors
    {
        QColor text; // legible on window
        QColor running; // solid
        QColor runningText;
        QColor done; // pale
        QColor outline;
    };
    ModelColors lstm, attention;

    QPalette palette() const;
    static const Theme& light();
    static const Theme& darkTheme();
    /// The theme whose palette this is (what paint code asks): by the lightness of its window
    /// colour.
    static const Theme& of(const QPalette& palette);
};

} // namespace timestep
