// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/icon.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

// Resources of a static library are left out by the linker unless asked for, outside any namespace.
static void initializeWindowResources() { Q_INIT_RESOURCE(window); }

namespace timestep {

void registerWindowResources() { initializeWindowResources(); }

QPixmap coloredPixmap(const QString& name, const QColor& color, int size, double pixelRatio)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray drawing = file.readAll();
    drawing.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(drawing);
    QPixmap pixmap(qRound(size * pixelRatio), qRound(size * pixelRatio));
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(pixelRatio);
    return pixmap;
}

QIcon coloredIcon(const QString& name, const QColor& color, int size)
{
    QIcon icon;
    for (const double pixelRatio : { 1.0, 2.0 }) {
        const QPixmap pixmap = coloredPixmap(name, color, size, pixelRatio);
        icon.addPixmap(pixmap);
        icon.addPixmap(pixmap, QIcon::Disabled);
    }
    return icon;
}

} // namespace timestep
