// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/report_picture_object.h"

#include <QAbstractTextDocumentLayout>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <QTextDocument>
#include <QTextFormat>

#include <algorithm>

namespace timestep {

namespace {

constexpr double PixelsPerInch = 96; // of a picture's size

bool isScreen(const QPainter& painter)
{
    return painter.paintEngine() && painter.paintEngine()->type() == QPaintEngine::Raster;
}

/// Pixels of the document for one of a picture.
double scaleOf(const QTextDocument& document)
{
    const QPaintDevice* device = document.documentLayout()->paintDevice();
    return device ? device->logicalDpiX() / PixelsPerInch : 1;
}

/// What a line has room for; 0: as much as one likes.
double lineWidth(const QTextDocument& document)
{
    const double width
        = document.pageSize().width() > 0 ? document.pageSize().width() : document.textWidth();
    return std::max(0.0, width - 2 * document.documentMargin());
}

} // namespace

struct ReportPictureObject::Drawn
{
    ReportPicture picture;
    std::unique_ptr<QSvgRenderer> renderer; // once it is needed
    QImage image; // as large as it was last seen on a screen
};

ReportPictureObject::ReportPictureObject(std::vector<ReportPicture> pictures, QObject* parent)
    : QObject(parent)
{
    for (ReportPicture& picture : pictures)
        m_pictures.push_back({ std::move(picture), nullptr, {} });
}

ReportPictureObject::~ReportPictureObject() = default;

QString ReportPictureObject::addressOf(std::size_t picture)
{
    return QStringLiteral("picture:%1").arg(picture);
}

ReportPictureObject::Drawn* ReportPictureObject::drawnOf(const QTextFormat& format)
{
    const QString name = format.toImageFormat().name();
    for (std::size_t index = 0; index < m_pictures.size(); ++index)
        if (name == addressOf(index))
            return &m_pictures[index];
    return nullptr;
}

QSizeF ReportPictureObject::intrinsicSize(QTextDocument* document, int, const QTextFormat& format)
{
    const Drawn* drawn = drawnOf(format);
    if (!drawn)
        return {};
    const QSizeF size = drawn->picture.size * scaleOf(*document);
    const double room = lineWidth(*document);
    return room > 0 && size.width() > room ? size * (room / size.width()) : size;
}

void ReportPictureObject::drawObject(
    QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format)
{
    Drawn* drawn = drawnOf(format);
    if (!drawn)
        return;
    if (isScreen(*painter)) {
        const double ratio = painter->device()->devicePixelRatioF();
        const double scale = ratio * rect.width() / drawn->picture.size.width();
        if (drawn->image.width() != (drawn->picture.size * scale).toSize().width())
            drawn->image = imageOf(drawn->picture, scale);
        painter->drawImage(rect, drawn->image);
        return;
    }
    if (!drawn->renderer)
        drawn->renderer = std::make_unique<QSvgRenderer>(drawn->picture.svg);
    drawn->renderer->render(painter, rect);
}

} // namespace timestep

#include "moc_report_picture_object.cpp"
