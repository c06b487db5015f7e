// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/theme.h"

#include <QFont>
#include <QRect>
#include <QString>

class QPainter;

namespace timestep {

/// What a picture says of the part it is pointed at, a line and fainter one or more below it.
struct PictureTooltip
{
    QString text;
    QString detail;
    QRect target; // px: the part
    QRect row; // px: what it stands above, else below: the row of the part
    QRect area; // px: it must lie in
};

void paintTooltip(
    QPainter& painter, const PictureTooltip& tooltip, const Theme& theme, const QFont& font);

} // namespace timestep
