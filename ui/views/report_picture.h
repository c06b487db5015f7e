// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QSizeF>
#include <QString>

class QWidget;

namespace timestep {

/// A picture of a report, in lines and letters that are sharp on paper, and independent of the
/// widget it shows.
struct ReportPicture
{
    QString title; // what it shows, for those who do not see it
    QByteArray svg;
    QSizeF size; // pixels at 96 an inch
};

/// What a widget that is in no window shows, in the light theme and in a size that is legible
/// across a page.
ReportPicture pictureOnPaper(const QString& title, QWidget& widget);

/// `scale`: pixels of the image for one of the picture.
QImage imageOf(const ReportPicture& picture, double scale);

} // namespace timestep
