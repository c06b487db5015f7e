// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/vector_parts.h"

#include <QBuffer>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <QWidget>

namespace timestep {

namespace {

constexpr double pixelsPerPoint = 3; // of what is an image

/// At the screen's resolution, so that letters are as large beside all else as they are there.
template <typename Paint>
QByteArray painted(const QWidget& widget, Paint paint)
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
    paint(painter);
    painter.end();
    return bytes;
}

bool cutsItsText(const QWidget& widget)
{
    const auto* field = qobject_cast<const QLineEdit*>(&widget);
    if (!field)
        return false;
    const int margins = 2 * field->fontMetrics().height();
    return field->fontMetrics().horizontalAdvance(field->text()) + margins > field->width();
}

QByteArray svgOfOne(QWidget& widget, QWidget::RenderFlags flags)
{
    if (!cutsItsText(widget))
        return painted(widget,
            [&](QPainter& painter) { widget.render(&painter, QPoint(), QRegion(), flags); });
    QPixmap pixels(widget.size() * pixelsPerPoint);
    pixels.setDevicePixelRatio(pixelsPerPoint);
    pixels.fill(Qt::transparent);
    widget.render(&pixels, QPoint(), QRegion(), flags);
    return painted(widget, [&](QPainter& painter) { painter.drawPixmap(widget.rect(), pixels); });
}

/// Texts of blanks alone become paths without a point in a PDF, which readers complain of.
QByteArray withoutBlankTexts(const QByteArray& svg)
{
    static const QRegularExpression blank(QStringLiteral("<text[^>]*>\\s*</text>\\s*"),
        QRegularExpression::UseUnicodePropertiesOption); // no-break spaces, too
    return QString::fromUtf8(svg).remove(blank).toUtf8();
}

bool paintsSomething(const QByteArray& svg)
{
    static const QRegularExpression element(
        QStringLiteral("<(path|text|rect|image|polyline|polygon|line|ellipse|circle|use)\\b"));
    return element.match(QString::fromUtf8(svg)).hasMatch();
}

void collect(QWidget& widget, QWidget::RenderFlags flags, QPoint corner, const QRect& around,
    std::vector<VectorPart>& parts)
{
    const QRect place(corner, widget.size());
    const QRect clip = place.intersected(around);
    if (clip.isEmpty())
        return;
    QByteArray svg = withoutBlankTexts(svgOfOne(widget, flags));
    if (paintsSomething(svg))
        parts.push_back({ std::move(svg), place, clip });
    for (QObject* child : widget.children()) {
        auto* within = qobject_cast<QWidget*>(child);
        if (within && !within->isHidden() && !within->isWindow())
            collect(*within, {}, corner + within->pos(), clip, parts);
    }
}

/// What lies between the title and the end of a document; what it refers to has names of its own in
/// the whole.
QByteArray contentsOf(const VectorPart& part, const QByteArray& prefix)
{
    const auto begin = part.svg.indexOf("<defs>");
    const auto end = part.svg.lastIndexOf("</svg>");
    QByteArray contents = part.svg.mid(begin, end - begin);
    contents.replace(" id=\"", " id=\"" + prefix);
    contents.replace("url(#", "url(#" + prefix);
    contents.replace("href=\"#", "href=\"#" + prefix);
    return contents;
}

QByteArray clipped(const VectorPart& part, std::size_t number)
{
    const QByteArray prefix = 'p' + QByteArray::number(qulonglong(number)) + '-';
    const QRect& clip = part.clip;
    const QString begin = QStringLiteral("<defs><clipPath id=\"%1clip\"><rect x=\"%2\" y=\"%3\" "
                                         "width=\"%4\" height=\"%5\"/></clipPath></defs>\n"
                                         "<g clip-path=\"url(#%1clip)\">"
                                         "<g transform=\"translate(%6,%7)\">\n")
                              .arg(QString::fromLatin1(prefix))
                              .arg(clip.x())
                              .arg(clip.y())
                              .arg(clip.width())
                              .arg(clip.height())
                              .arg(part.place.x())
                              .arg(part.place.y());
    return begin.toLatin1() + contentsOf(part, prefix) + "</g></g>\n";
}

} // namespace

std::vector<VectorPart> vectorParts(QWidget& widget)
{
    std::vector<VectorPart> parts;
    collect(widget, QWidget::DrawWindowBackground, QPoint(), widget.rect(), parts);
    return parts;
}

QByteArray svgOf(QWidget& widget)
{
    QByteArray svg = painted(widget, [](QPainter&) {});
    // It says that it is an SVG Tiny, which has no clips.
    static const QByteArray tiny = " version=\"1.2\" baseProfile=\"tiny\"";
    svg.replace(tiny, " version=\"1.1\"");
    QByteArray all;
    const std::vector<VectorPart> parts = vectorParts(widget);
    for (std::size_t number = 0; number < parts.size(); ++number)
        all += clipped(parts[number], number);
    return svg.insert(svg.lastIndexOf("</svg>"), all);
}

} // namespace timestep
