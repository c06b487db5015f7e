// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_painter.h"

#include "ui/models/number_text.h"
#include "ui/views/attention_sentence.h"
#include "ui/views/fonts.h"
#include "ui/views/picture_tooltip.h"
#include "ui/views/token_label_width.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(AffinityPainter)
};

constexpr int LabelGap = 8;
constexpr double ThickestBar = 16; // pixels
constexpr double GapsFromCell = 6; // pixels a cell; smaller ones touch
constexpr double BarsFromCell = 5; // pixels a cell; smaller ones are joined to an outline

/// First and one past the last token of one side that is in view.
IndexRange inView(double first, const AffinityViewport& view)
{
    return { static_cast<int>(std::floor(first)),
        std::min(view.tokens(), static_cast<int>(std::ceil(first + view.extent()))) };
}

QString receivedCaption() { return Text::tr("received,\n÷ even share"); }

/// The second is for narrow windows.
std::array<QString, 2> meaningOf(AffinityStage stage)
{
    switch (stage) {
    case AffinityStage::Scores:
        return { Text::tr("how well the query of each row suits the key of each column: Q Kᵀ ÷ √d"),
            Text::tr("query of the row · key of the column ÷ √d") };
    case AffinityStage::Masked:
        return { Text::tr(
                     "what is masked counts as −∞; softmax makes shares of the rest, row by row"),
            Text::tr("masked counts as −∞, the rest is shared") };
    case AffinityStage::Softmax:
        break;
    }
    return { Text::tr("a row tells from where its token copies: output = affinity · V"),
        Text::tr("a row tells from where its token copies") };
}

/// Mean of the numbers there are under each pixel of a side; not a number where there are none.
std::vector<double> meanUnderPixels(
    const std::vector<double>& values, double first, double extent, int pixels)
{
    std::vector<double> means(pixels);
    const double step = extent / pixels;
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const auto begin = static_cast<std::size_t>(first + pixel * step);
        const auto end = std::clamp(static_cast<std::size_t>(std::ceil(first + (pixel + 1) * step)),
            begin + 1, std::max(values.size(), begin + 1));
        double sum = 0;
        int count = 0;
        for (std::size_t index = begin; index < std::min(end, values.size()); ++index) {
            if (!std::isnan(values[index])) {
                sum += values[index];
                ++count;
            }
        }
        means[pixel] = sum / count;
    }
    return means;
}

} // namespace

AffinityPainter::AffinityPainter(const AffinityPicture& picture, const AffinityViewport& view,
    const AffinityLayout& layout, const Theme& theme, const QFont& labelFont, const QFont& textFont)
    : m_picture(picture)
    , m_view(view)
    , m_layout(layout)
    , m_theme(theme)
    , m_labelFont(labelFont)
    , m_textFont(textFont)
{
}

int AffinityPainter::labelWidth(const AffinityPicture& picture, const QFont& font)
{
    const int least
        = QFontMetrics(boldFont(font)).horizontalAdvance(QStringLiteral("token")); // none is there
    return LabelGap
        + std::max(least,
            tokenLabelWidth(
                picture.tokens(), [&](int token) { return picture.label(token); }, font));
}

int AffinityPainter::captionWidth(const QFont& font)
{
    return QFontMetrics(font).boundingRect({}, 0, receivedCaption()).width() + 1;
}

void AffinityPainter::paintCells(QPainter& painter, const std::vector<PlacedImage>& images) const
{
    const QRect& square = m_layout.cells;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const PlacedImage& image : images)
        paintImage(painter, image);
    if (m_layout.cellSize(m_view) >= GapsFromCell) {
        const IndexRange columns = inView(m_view.column(), m_view);
        const IndexRange rows = inView(m_view.row(), m_view);
        for (int column = columns.begin; column < columns.end; ++column)
            painter.fillRect(
                QRect(m_layout.columnRect(m_view, column).left(), square.top(), 1, square.height()),
                m_theme.window);
        for (int row = rows.begin; row < rows.end; ++row)
            painter.fillRect(
                QRect(square.left(), m_layout.rowRect(m_view, row).top(), square.width(), 1),
                m_theme.window);
    }
    paintFrame(painter);
}

void AffinityPainter::paintImage(QPainter& painter, const PlacedImage& image) const
{
    const QRect& square = m_layout.cells;
    if (image.cells == m_view.cells()) {
        painter.drawImage(square, image.image); // a pixel for a pixel, also of a denser screen
        return;
    }
    const double cell = m_layout.cellSize(m_view);
    const QPointF corner(square.left() + (image.cells.left() - m_view.column()) * cell,
        square.top() + (image.cells.top() - m_view.row()) * cell);
    painter.save();
    painter.setClipRect(square);
    painter.drawImage(QRectF(corner, image.cells.size() * cell), image.image);
    painter.restore();
}

void AffinityPainter::paintFrame(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(m_theme.border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(m_layout.cells.adjusted(-1, -1, 0, 0));
}

bool AffinityPainter::showsLabel(
    int token, int stride, const std::optional<int>& pinned, int first) const
{
    if (token < first)
        return false;
    if (pinned == token)
        return true;
    return token % stride == 0 && !(pinned && std::abs(*pinned - token) < stride);
}

void AffinityPainter::paintLabels(QPainter& painter, const AffinityMarks& marks) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    const QRect& square = m_layout.cells;
    const QFontMetrics metrics(m_labelFont);
    const double cell = m_layout.cellSize(m_view);
    const auto paint = [&](int token, const QRectF& box, Qt::Alignment alignment) {
        const QFont font = marks.pinnedRow == token ? boldFont(m_labelFont) : m_labelFont;
        painter.setFont(font);
        painter.setPen(m_theme.text);
        const QString label = QFontMetrics(font).elidedText(
            m_picture.label(token), Qt::ElideRight, widestTokenLabel(metrics));
        painter.drawText(box, int(alignment | Qt::AlignVCenter | Qt::TextSingleLine), label);
    };

    // A label is drawn where its middle is in view, so that none reaches beyond the square.
    const int downStride = labelStride(cell, metrics.height());
    const IndexRange rows = inView(m_view.row(), m_view);
    for (int row = rows.begin; row < rows.end; ++row) {
        const double middle = square.top() + (row + 0.5 - m_view.row()) * cell;
        if (!showsLabel(row, downStride, marks.pinnedRow, rows.begin) || middle < square.top()
            || middle > square.bottom() + 1)
            continue;
        paint(row,
            QRectF(0, middle - metrics.height(), square.left() - LabelGap, 2 * metrics.height()),
            Qt::AlignRight);
    }
    const int acrossStride = labelStride(cell, metrics.height() * 1.2);
    const IndexRange columns = inView(m_view.column(), m_view);
    for (int column = columns.begin; column < columns.end; ++column) {
        const double middle = square.left() + (column + 0.5 - m_view.column()) * cell;
        if (!showsLabel(column, acrossStride, marks.pinnedRow, columns.begin)
            || middle < square.left() || middle > square.right() + 1)
            continue;
        painter.save();
        painter.translate(middle, square.top() - LabelGap);
        painter.rotate(-45);
        paint(column,
            QRectF(0, -metrics.height() / 2.0, 2 * widestTokenLabel(metrics), metrics.height()),
            Qt::AlignLeft);
        painter.restore();
    }
}

void AffinityPainter::paintBars(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(m_theme.attention.outline);
    painter.setBrush(m_theme.attention.done);
    paintSpread(painter);
    paintReceived(painter);

    const QFontMetrics metrics(m_textFont);
    painter.setFont(m_textFont);
    painter.setPen(m_theme.secondaryText);
    const int line = metrics.height();
    painter.drawText(QRect(m_layout.spread.left(), m_layout.received.top() - 4,
                         metrics.horizontalAdvance(Text::tr("spread,")) + LabelGap, 2 * line),
        Qt::AlignLeft | Qt::AlignTop, Text::tr("spread,\n0 to 1"));
    painter.drawText(
        QRect(0, m_layout.received.top() - 4, m_layout.cells.left() - LabelGap, 2 * line),
        Qt::AlignRight | Qt::AlignTop, receivedCaption());
}

void AffinityPainter::paintSpread(QPainter& painter) const
{
    const QRect& strip = m_layout.spread;
    if (m_layout.cellSize(m_view) >= BarsFromCell) {
        const IndexRange rows = inView(m_view.row(), m_view);
        for (int row = rows.begin; row < rows.end; ++row) {
            const QRectF band = m_layout.rowRect(m_view, row);
            const double thick = std::floor(std::min(band.height() / 2, ThickestBar));
            if (!std::isnan(m_picture.statistics->spread[row]))
                painter.drawRect(
                    QRectF(strip.left() + 0.5, std::floor(band.center().y() - thick / 2) + 0.5,
                        m_picture.statistics->spread[row] * (strip.width() - 1), thick));
        }
        return;
    }
    const auto means = meanUnderPixels(
        m_picture.statistics->spread, m_view.row(), m_view.extent(), strip.height());
    QPainterPath outline(QPointF(strip.topLeft()));
    for (int y = 0; y < strip.height(); ++y)
        outline.lineTo(strip.left() + (std::isnan(means[y]) ? 0 : means[y] * strip.width()),
            strip.top() + y + 0.5);
    outline.lineTo(strip.left(), strip.bottom() + 1);
    painter.drawPath(outline);
}

void AffinityPainter::paintReceived(QPainter& painter) const
{
    const QRect& strip = m_layout.received;
    // At least twice the even share fits, so that a head that reads evenly looks even.
    const double full = std::max(2.0,
        *std::max_element(
            m_picture.statistics->received.begin(), m_picture.statistics->received.end()));
    if (m_layout.cellSize(m_view) >= BarsFromCell) {
        const IndexRange columns = inView(m_view.column(), m_view);
        for (int column = columns.begin; column < columns.end; ++column) {
            const QRectF band = m_layout.columnRect(m_view, column);
            const double thick = std::floor(std::min(band.width() / 2, ThickestBar));
            painter.drawRect(
                QRectF(std::floor(band.center().x() - thick / 2) + 0.5, strip.top() + 0.5, thick,
                    m_picture.statistics->received[column] / full * (strip.height() - 1)));
        }
    } else {
        const auto means = meanUnderPixels(
            m_picture.statistics->received, m_view.column(), m_view.extent(), strip.width());
        QPainterPath outline(QPointF(strip.topLeft()));
        for (int x = 0; x < strip.width(); ++x)
            outline.lineTo(strip.left() + x + 0.5, strip.top() + means[x] / full * strip.height());
        outline.lineTo(strip.right() + 1, strip.top());
        painter.drawPath(outline);
    }
    painter.setPen(QPen(m_theme.secondaryText, 1, Qt::DotLine));
    const double even = strip.top() + strip.height() / full;
    painter.drawLine(QPointF(strip.left(), even), QPointF(strip.right(), even));
}

void AffinityPainter::paintNote(QPainter& painter) const
{
    painter.setFont(m_textFont);
    painter.setPen(m_theme.secondaryText);
    QStringList parts;
    const double tokensAPixel = 1 / m_layout.cellSize(m_view);
    if (tokensAPixel > 1)
        parts.append((m_picture.scores
                ? Text::tr("one pixel = %1 × %1 tokens, the score farthest from 0 of them")
                : Text::tr("one pixel = %1 × %1 tokens, the largest share of them"))
                         .arg(tokensAPixel, 0, 'f', 1));
    if (!m_view.whole())
        parts.append(
            Text::tr("%1 of %2 tokens; 0 shows all")
                .arg(countNumber(std::lround(m_view.extent())), countNumber(m_view.tokens())));
    const QFontMetrics metrics(m_textFont);
    const int room = m_layout.note.width();
    if (parts.isEmpty()) {
        const auto [full, brief] = meaningOf(m_picture.stage);
        parts.append(metrics.horizontalAdvance(full) <= room ? full : brief);
    }
    painter.drawText(m_layout.note, Qt::AlignHCenter | Qt::AlignVCenter,
        metrics.elidedText(parts.join(QStringLiteral(" · ")), Qt::ElideRight, room));
}

void AffinityPainter::paintMarks(QPainter& painter, const AffinityMarks& marks) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    const auto outlineRow = [&](int row, const QColor& color, int thickness) {
        const QRect band = m_layout.rowRect(m_view, row);
        if (band.isEmpty())
            return;
        // Around the row, never over it: a thin line where rows are thin.
        const int line = band.height() < 12 ? std::min(thickness, 2) : thickness;
        painter.setPen(QPen(color, line, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(band.adjusted(-2, line > 1 ? -1 : -2, 1, 1));
    };
    if (marks.hoveredRow && *marks.hoveredRow < m_picture.tokens())
        outlineRow(*marks.hoveredRow, m_theme.bracket, 1);
    if (marks.pinnedRow && *marks.pinnedRow < m_picture.tokens())
        outlineRow(*marks.pinnedRow, m_theme.pin, 3);
    if (marks.cell && marks.cell->x() < m_picture.tokens() && marks.cell->y() < m_picture.tokens())
        paintTooltip(painter, *marks.cell);
}

void AffinityPainter::paintTooltip(QPainter& painter, QPoint cell) const
{
    const QRect row = m_layout.rowRect(m_view, cell.y());
    const QRect target = row & m_layout.columnRect(m_view, cell.x());
    if (target.isEmpty())
        return;
    painter.setPen(QPen(m_theme.text, 1));
    painter.drawRect(target.adjusted(-1, -1, 0, 0));

    const QString detail = affinityCellDetail(m_picture, cell.y(), cell.x());
    const QString stages = affinityStagesText(m_picture, cell.y(), cell.x());
    const QRect area(0, 0, m_layout.note.right(), m_layout.note.bottom());
    timestep::paintTooltip(painter,
        { affinityCellText(m_picture, cell.y(), cell.x()),
            stages.isEmpty() ? detail : detail + u'\n' + stages, target, row, area },
        m_theme, m_textFont);
}

} // namespace timestep
