// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/picture_format.h"

#include <QBuffer>
#include <QFileInfo>
#include <QPainter>
#include <QPdfWriter>
#include <QPixmap>
#include <QSvgGenerator>
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

/// At the screen's resolution, so that letters are as large beside all else as they are there.
QByteArray svgOf(QWidget& widget)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(widget.logicalDpiX());
    svg.setSize(widget.size());
    svg.setViewBox(QRect(QPoint(), widget.size()));
    svg.setTitle(widget.window()->windowTitle());
    QPainter painter(&svg);
    widget.render(&painter, {}, {}, QWidget::DrawWindowBackground | QWidget::DrawChildren);
    painter.end();
    return bytes;
}

/// By way of the other vectors: children of a widget that paint into a document themselves have
/// their clips in the wrong place (Qt 6.4), while those vectors have none.
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
    QSvgRenderer(svgOf(widget)).render(&painter, QRectF(QPointF(), widget.size()));
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
