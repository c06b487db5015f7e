// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>
#include <optional>

class QWidget;

namespace timestep {

enum class PictureFormat
{
    Png, // as on the screen
    Svg, // lines and letters stay lines and letters
    Pdf, // one page of the picture's size; letters as their outlines
};

/// Paints a picture, as it is when it is called.
using PictureSource = std::function<QByteArray(PictureFormat)>;

/// By the ending of a file's name, in letters of either case: .png, .svg, .pdf; none: another.
std::optional<PictureFormat> pictureFormatOf(const QString& fileName);

/// What a widget shows, as the contents of a file.
QByteArray pictureOf(QWidget& widget, PictureFormat format);

} // namespace timestep
