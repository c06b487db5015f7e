// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace timestep {

/// Makes the icons and the style that are built into the program known to Qt; once, before a
/// window.
void registerWindowResources();

/// An icon of resources/icons ("play") in one colour, sharp at `size` and at twice that.
QIcon coloredIcon(const QString& name, const QColor& color, int size);

/// The same as a pixmap of `size` device-independent pixels.
QPixmap coloredPixmap(const QString& name, const QColor& color, int size, double pixelRatio);

} // namespace timestep
