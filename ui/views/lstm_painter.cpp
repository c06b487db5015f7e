// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_painter.h"

#include "ui/models/number_text.h"
#include "ui/views/affinity_layout.h"
#include "ui/views/cell_numbers.h"
#include "ui/views/fonts.h"
#include "ui/views/picture_tooltip.h"
#include "ui/views/token_label_width.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LstmPainter)
};

constexpr int LabelGap = 3; // px above the maps
constexpr double GapsFromCell = 6; // pixels a cell; smaller ones touch
constexpr int UnitTick = 5; // px beside the maps

QString countText(double count)
{
    return count < 10 ? QString::number(count, 'f', 1) : countNumber(std::lround(count));
}

} // namespace

LstmPainter::LstmPainter(const LstmPicture& picture, const TokenAxis& axis,
    const LstmLayout& layout, const Theme& theme, const QFont& labelFont, const QFont& textFont)
    : m_picture(picture)
    , m_layout(layout)
    , m_columns(layout.columns(axis))
    , m_theme(theme)
    , m_labelFont(labelFont)
    , m_textFont(textFont)
{
}

LstmLetters LstmPainter::lettersOf(
    const LstmPicture& picture, const QFont& labelFont, const QFont& textFont)
{
    const QFontMetrics labels(boldFont(labelFont));
    LstmLetters letters;
    letters.labelWidth = tokenLabelWidth(
        picture.tokens(), [&](int token) { return picture.labels[token]; }, labelFont);
    const QFontMetrics text(textFont);
    const int letter = labels.horizontalAdvance(QStringLiteral("m "));
    letters.letterWidth = letter;
    for (const LstmQuantity quantity : lstmQuantities)
        letters.nameWidth
            = std::max(letters.nameWidth, letter + text.horizontalAdvance(lstmName(quantity)));
    letters.lineHeight = std::max(text.height(), labels.height());
    return letters;
}

void LstmPainter::paintMaps(QPainter& painter, const LstmImages& images) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t map = 0; map < m_layout.maps.size(); ++map) {
        const QRect& cells = m_layout.maps[map].cells;
        if (map < images.images.size()) {
            const double token = m_columns.tokenWidth();
            const double left
                = cells.left() + (images.axis.first() - m_columns.axis.first()) * token;
            const QRectF place(left, cells.top(), images.axis.extent() * token, cells.height());
            painter.save();
            painter.setClipRect(cells);
            painter.drawImage(
                images.axis == m_columns.axis ? QRectF(cells) : place, images.images[map]);
            painter.restore();
            paintGaps(painter, cells);
        }
        painter.setPen(m_theme.border);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(cells.adjusted(-1, -1, 0, 0));
    }
}

/// Between cells that are large enough to be told apart.
void LstmPainter::paintGaps(QPainter& painter, const QRect& cells) const
{
    if (m_columns.tokenWidth() >= GapsFromCell) {
        const IndexRange tokens = m_columns.axis.inView();
        for (int token = tokens.begin + 1; token < tokens.end; ++token)
            painter.fillRect(QRect(m_columns.pixelsOf(token).begin, cells.top(), 1, cells.height()),
                m_theme.window);
    }
    const int units = m_picture.units();
    if (cells.height() >= GapsFromCell * units) {
        for (int row = 1; row < units; ++row)
            painter.fillRect(
                QRect(cells.left(), unitRow(cells, row, units).top(), cells.width(), 1),
                m_theme.window);
    }
}

void LstmPainter::paintNames(QPainter& painter) const
{
    const QFontMetrics metrics(m_textFont);
    for (const LstmLayout::Map& map : m_layout.maps) {
        const QRect place(0, map.cells.center().y() - metrics.height() / 2,
            m_layout.left() - UnitTick - 7, metrics.height());
        painter.setFont(boldFont(m_labelFont));
        painter.setPen(m_theme.lstm.text);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, lstmLetter(map.quantity));
        if (!m_layout.named)
            continue;
        painter.setFont(m_textFont);
        painter.setPen(m_theme.secondaryText);
        painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, lstmName(map.quantity));
    }
}

void LstmPainter::paintLabels(QPainter& painter, std::optional<int> pinned) const
{
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(m_theme.text);
    const QFontMetrics metrics(m_labelFont);
    const double across = m_layout.slanted ? metrics.height() * 1.2 : metrics.height() * 0.8;
    const int stride = labelStride(m_columns.tokenWidth(), across);
    const int bottom = m_layout.labels.bottom() + 1;
    const IndexRange tokens = m_columns.axis.inView();
    for (int token = tokens.begin; token < tokens.end; ++token) {
        const double middle = m_columns.middle(token);
        const bool shown = pinned == token
            || (token % stride == 0 && !(pinned && std::abs(*pinned - token) < stride));
        if (!shown || middle < m_layout.left() || middle > m_layout.left() + m_layout.width())
            continue;
        const QFont font = pinned == token ? boldFont(m_labelFont) : m_labelFont;
        painter.setFont(font);
        const QString label = QFontMetrics(font).elidedText(
            m_picture.labels[token], Qt::ElideRight, widestTokenLabel(metrics));
        painter.save();
        painter.translate(middle, bottom - LabelGap);
        if (m_layout.slanted) {
            painter.rotate(-45);
            painter.drawText(
                QRectF(0, -metrics.height() / 2.0, 2 * widestTokenLabel(metrics), metrics.height()),
                Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, label);
        } else {
            painter.drawText(QRectF(-widestTokenLabel(metrics), -metrics.height(),
                                 2 * widestTokenLabel(metrics), metrics.height()),
                Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextSingleLine, label);
        }
        painter.restore();
    }
}

void LstmPainter::paintNote(QPainter& painter) const
{
    if (m_layout.maps.empty())
        return;
    QStringList parts;
    const double units
        = double(m_picture.units()) / std::max(1, m_layout.maps.front().cells.height());
    const double tokens = 1 / m_columns.tokenWidth();
    if (units > 1 && tokens > 1)
        parts.append(Text::tr("one pixel = %1 units × %2 tokens, their mean")
                         .arg(countText(units), countText(tokens)));
    else if (units > 1)
        parts.append(Text::tr("one pixel = %1 units, their mean").arg(countText(units)));
    else if (tokens > 1)
        parts.append(Text::tr("one pixel = %1 tokens, their mean").arg(countText(tokens)));
    else
        parts.append(Text::tr("one row = one unit of the layer"));
    if (!m_columns.axis.whole())
        parts.append(Text::tr("%1 of %2 tokens; 0 shows all")
                         .arg(countNumber(std::lround(m_columns.axis.extent())),
                             countNumber(m_picture.tokens())));
    painter.setFont(m_textFont);
    painter.setPen(m_theme.secondaryText);
    painter.drawText(m_layout.note, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(m_textFont)
            .elidedText(parts.join(QStringLiteral(" · ")), Qt::ElideRight, m_layout.note.width()));
}

void LstmPainter::paintMarks(QPainter& painter, const LstmMarks& marks) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto known
        = [this](std::optional<int> step) { return step && *step < m_picture.tokens(); };
    for (const int unit : marks.foundUnits)
        paintUnit(painter, unit, m_theme.text, 1);
    if (marks.span)
        paintSpan(painter, *marks.span);
    if (known(marks.hoveredStep))
        paintStep(painter, *marks.hoveredStep, m_theme.bracket, 1);
    if (known(marks.pinnedStep))
        paintStep(painter, *marks.pinnedStep, m_theme.pin, 3);
    if (marks.pinnedUnit && *marks.pinnedUnit < m_picture.units())
        paintUnit(painter, *marks.pinnedUnit, m_theme.pin, 3);
    if (marks.cell && known(marks.cell->step))
        paintTooltip(painter, *marks.cell);
}

/// Around the column through all maps, never over it: a thin line where columns are thin.
void LstmPainter::paintStep(QPainter& painter, int step, const QColor& color, int thickness) const
{
    const IndexRange pixels = m_columns.pixelsOf(step);
    if (pixels.count() == 0)
        return;
    const int line = pixels.count() < 12 ? std::min(thickness, 2) : thickness;
    const QRect maps = m_layout.allMaps();
    painter.setPen(QPen(color, line, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRect(pixels.begin, maps.top(), pixels.count(), maps.height())
                         .adjusted(line > 1 ? -1 : -2, -2, 1, 1));
}

/// A tick beside each map: rows are often thinner than a line around them would be.
void LstmPainter::paintUnit(QPainter& painter, int unit, const QColor& color, int thickness) const
{
    for (const LstmLayout::Map& map : m_layout.maps) {
        const QRect row = unitRow(
            map.cells, m_picture.rowOfUnit[static_cast<std::size_t>(unit)], m_picture.units());
        const int height = std::max(row.height(), thickness);
        const QRect tick(
            map.cells.left() - 2 - UnitTick, row.center().y() - (height - 1) / 2, UnitTick, height);
        painter.fillRect(tick, color);
        painter.fillRect(tick.translated(map.cells.width() + UnitTick + 3, 0), color);
    }
}

void LstmPainter::paintSpan(QPainter& painter, IndexRange span) const
{
    const IndexRange pixels = m_columns.pixelsOf(span);
    const QRect maps = m_layout.allMaps();
    if (pixels.count() > 0)
        paintBrackets(painter, pixels, maps.top() - 3, maps.bottom() + 3, m_theme.bracket);
}

void LstmPainter::paintTooltip(QPainter& painter, const LstmCell& cell) const
{
    const LstmLayout::Map* map = m_layout.mapOf(cell.quantity);
    const IndexRange pixels = m_columns.pixelsOf(cell.step);
    if (!map || pixels.count() == 0)
        return;
    const QRect row = unitRow(
        map->cells, m_picture.rowOfUnit[static_cast<std::size_t>(cell.unit)], m_picture.units());
    const QRect target(pixels.begin, row.top(), pixels.count(), row.height());
    painter.setPen(QPen(m_theme.text, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(target.adjusted(-1, -1, 0, 0));
    QString detail = lstmCellDetail(m_picture, cell.unit);
    const IndexRange rows = unitRowsUnder(map->cells, row.center().y(), m_picture.units());
    if (rows.count() > 1)
        detail = Text::tr("%1 · %2 units under this pixel").arg(detail).arg(rows.count());
    const QRect area(0, 0, m_layout.note.right(), m_layout.note.bottom());
    timestep::paintTooltip(painter,
        { lstmCellText(m_picture, cell.quantity, cell.step, cell.unit), detail, target, row, area },
        m_theme, m_textFont);
}

void paintBrackets(QPainter& painter, IndexRange pixels, int top, int bottom, const QColor& color)
{
    constexpr int Arm = 6;
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    const int left = pixels.begin - 1;
    const int right = pixels.end + 1;
    const int arm = std::min(Arm, std::max(1, (right - left) / 3));
    painter.drawPolyline(
        QPolygon({ { left + arm, top }, { left, top }, { left, bottom }, { left + arm, bottom } }));
    painter.drawPolyline(QPolygon(
        { { right - arm, top }, { right, top }, { right, bottom }, { right - arm, bottom } }));
}

} // namespace timestep
