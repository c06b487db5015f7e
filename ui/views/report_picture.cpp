// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/report_picture.h"

#include "ui/views/fonts.h"
#include "ui/views/picture_format.h"
#include "ui/views/style_sheet.h"
#include "ui/views/theme.h"

#include <QPainter>
#include <QSvgRenderer>
#include <QWidget>

namespace timestep {

namespace {

/// On the 17 cm that A4 leaves, letters of the window's size are 10 points high, and three pictures
/// fit below each other.
constexpr QSize OnPaper(720, 330);

} // namespace

ReportPicture pictureOnPaper(const QString& title, QWidget& widget)
{
    // As in a window, so that it is laid out, but on no screen.
    widget.setAttribute(Qt::WA_DontShowOnScreen);
    widget.setPalette(Theme::light().palette());
    widget.setFont(sansFont(baseFontPixels));
    widget.setStyleSheet(styleSheet(Theme::light(), 1));
    widget.resize(OnPaper);
    widget.show();
    return { title, pictureOf(widget, PictureFormat::Svg), QSizeF(widget.size()) };
}

QImage imageOf(const ReportPicture& picture, double scale)
{
    QImage image((picture.size * scale).toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    QSvgRenderer(picture.svg).render(&painter, image.rect());
    return image;
}

} // namespace timestep
