// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/picture_format.h"

#include "ui/views/vector_parts.h"

#include <QBuffer>
#include <QFileInfo>
#include <QPainter>
#include <QPdfWriter>
#include <QPixmap>
#include <QSvgRenderer>
#include <QWidget>

namespace timestep {

namespace {

constexpr double pointsPerInch = 72;

QByteArray pngOf(QWidget& widget)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    widget.grab().save(&buffer, "PNG");
    return bytes;
}

/// By way of the other vectors: children of a widget that paint into a document themselves have
/// their clips in the wrong place (Qt 6.4).
QByteArray pdfOf(QWidget& widget)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setResolution(widget.logicalDpiX());
    pdf.setPageSize(QPageSize(QSizeF(widget.size()) * pointsPerInch / widget.logicalDpiX(),
        QPageSize::Point, QString(), QPageSize::ExactMatch));
    pdf.setPageMargins({});
    pdf.setTitle(widget.window()->windowTitle());
    pdf.setCreator(QStringLiteral("Timestep"));
    QPainter painter(&pdf);
    painter.setRenderHint(QPainter::LosslessImageRendering);
    for (const VectorPart& part : vectorParts(widget)) {
        painter.save();
        painter.setClipRect(part.clip);
        QSvgRenderer(part.svg).render(&painter, QRectF(part.place));
        painter.restore();
    }
    painter.end();
    return bytes;
}

} // namespace

std::optional<PictureFormat> pictureFormatOf(const QString& fileName)
{
    const QString ending = QFileInfo(fileName).suffix().toLower();
    if (ending == QLatin1String("png"))
        return PictureFormat::Png;
    if (ending == QLatin1String("svg"))
        return PictureFormat::Svg;
    if (ending == QLatin1String("pdf"))
        return PictureFormat::Pdf;
    return std::nullopt;
}

QByteArray pictureOf(QWidget& widget, PictureFormat format)
{
    switch (format) {
    case PictureFormat::Png:
        break;
    case PictureFormat::Svg:
        return svgOf(widget);
    case PictureFormat::Pdf:
        return pdfOf(widget);
    }
    return pngOf(widget);
}

} // namespace timestep
