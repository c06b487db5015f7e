// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/report_picture.h"

#include <QObject>
#include <QPixmap>
#include <QTextObjectInterface>

#include <map>
#include <memory>
#include <vector>

class QSvgRenderer;

namespace timestep {

/// Paints the pictures of a document in place of Qt's own images, which would be pixels on paper.
/// An image is named by addressOf().
class ReportPictureObject : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    explicit ReportPictureObject(std::vector<ReportPicture> pictures, QObject* parent);
    ~ReportPictureObject() override;

    static QString addressOf(std::size_t picture);

    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
        const QTextFormat& format) override;

private:
    struct Drawn; // a picture and what was made of it

    Drawn* drawnOf(const QTextFormat& format);

    std::vector<Drawn> m_pictures;
};

} // namespace timestep
