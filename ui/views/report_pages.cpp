// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/report_pages.h"

#include "ui/views/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QPagedPaintDevice>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextLayout>

#include <cmath>

namespace timestep {

namespace {

struct Pages
{
    Q_DECLARE_TR_FUNCTIONS(ReportPages)
};

constexpr double FooterHeight = 8; // mm, of the printable height
constexpr double FooterPoints = 8;

double pixelsOf(double millimetres, const QPaintDevice& device)
{
    constexpr double MillimetresPerInch = 25.4;
    return millimetres * device.logicalDpiY() / MillimetresPerInch;
}

int pageAt(const QTextDocument& document, double y)
{
    return static_cast<int>(y / document.pageSize().height());
}

/// From the first of a block's lines to the last: the block itself begins at the end of a page
/// where its first line finds no room.
QRectF linesOf(const QTextDocument& document, const QTextBlock& block)
{
    const QRectF rect = document.documentLayout()->blockBoundingRect(block);
    const QTextLayout& layout = *block.layout();
    if (layout.lineCount() == 0)
        return rect;
    const double begin = layout.lineAt(0).rect().top();
    const double end = layout.lineAt(layout.lineCount() - 1).rect().bottom();
    return { rect.left(), rect.top() + begin, rect.width(), end - begin };
}

/// The page on which a block is: of one that is parted, the last. A long one may be.
int pageOf(const QTextDocument& document, const QTextBlock& block)
{
    const QRectF lines = linesOf(document, block);
    const bool lengthy = lines.height() > document.pageSize().height() / 2;
    return pageAt(document, lengthy ? lines.top() : lines.bottom() - 1);
}

/// Qt knows no "keep with next": headings that would stand alone below begin the next page.
void keepHeadingsWithNext(QTextDocument& document)
{
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (block.blockFormat().headingLevel() == 0)
            continue;
        QTextBlock below = block.next();
        while (below.isValid() && below.blockFormat().headingLevel() > 0)
            below = below.next();
        if (!below.isValid() || pageOf(document, block) == pageOf(document, below))
            continue;
        QTextCursor cursor(block);
        QTextBlockFormat format = block.blockFormat();
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        cursor.setBlockFormat(format);
        // Laid out from here on alone, Qt 6.4 loses what is on the pages below.
        document.markContentsDirty(0, document.characterCount());
    }
}

void paintFooter(QPainter& painter, const QRectF& area, const QString& footer, int page, int pages)
{
    QFont font = painter.font();
    font.setPointSizeF(FooterPoints);
    painter.setFont(font);
    painter.setPen(Theme::light().secondaryText);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignBottom, footer);
    painter.drawText(
        area, Qt::AlignRight | Qt::AlignBottom, Pages::tr("page %1 of %2").arg(page).arg(pages));
}

void paintPage(QPainter& painter, const QTextDocument& document, int page)
{
    const QSizeF size = document.pageSize();
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette = Theme::light().palette();
    context.clip = QRectF(QPointF(0, page * size.height()), size);
    painter.save();
    painter.translate(0, -page * size.height());
    painter.setClipRect(context.clip);
    document.documentLayout()->draw(&painter, context);
    painter.restore();
}

} // namespace

QPageLayout reportPageLayout()
{
    return { QPageSize(QPageSize::A4), QPageLayout::Portrait, QMarginsF(17, 16, 17, 12),
        QPageLayout::Millimeter };
}

bool paintPages(QTextDocument& document, QPagedPaintDevice& device, const QString& footer)
{
    QPainter painter;
    if (!painter.begin(&device))
        return false;
    const QRectF printable(0, 0, device.width(), device.height());
    document.documentLayout()->setPaintDevice(&device);
    document.setDocumentMargin(0);
    document.setPageSize(
        { printable.width(), std::floor(printable.height() - pixelsOf(FooterHeight, device)) });
    keepHeadingsWithNext(document);
    painter.setFont(document.defaultFont());
    const int pages = document.pageCount();
    for (int page = 0; page < pages; ++page) {
        if (page > 0 && !device.newPage())
            return false;
        paintPage(painter, document, page);
        paintFooter(painter, printable, footer, page + 1, pages);
    }
    return painter.end();
}

} // namespace timestep
