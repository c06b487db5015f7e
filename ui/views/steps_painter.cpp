// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_painter.h"

#include "ui/views/fonts.h"
#include "ui/views/steps_statement.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Steps", text); }

constexpr double smallScale = 0.8; // of the interface font, for layers

} // namespace

void StepsPainter::paint(QPainter& painter, const StepsScene& scene, const QRegion& region,
    const Theme& theme, const QFont& font, double devicePixelRatio)
{
    m_painter = &painter;
    m_scene = &scene;
    m_theme = &theme;
    m_font = font;
    m_cells.begin(painter, scene, theme, devicePixelRatio);
    painter.setClipRegion(region);
    painter.fillRect(region.boundingRect(), theme.window);
    if (!scene.picture || scene.picture->steps() == 0)
        return;

    painter.setFont(font);
    const StepsLayout& layout = scene.layout;
    painter.save();
    painter.setClipRect(layout.columnsArea(), Qt::IntersectClip);
    for (int model = 0; model < 2; ++model) {
        for (const QRect& rect : region)
            paintCells(model, rect);
    }
    paintDetachedColumn();
    painter.restore();
    if (!takesPixmaps(painter))
        clearBesideColumns();
    if (region.intersects(layout.tokenLabelsRect()))
        paintTokenLabels();
    if (region.intersects(layout.cornerRect()))
        paintSource();
    paintTitles();
    for (int model = 0; model < 2; ++model)
        paintRowLabels(model);
    paintRelations();
    paintBrokenLink();
    paintPin();
    paintFocusRectangle();
}

void StepsPainter::paintTokenLabels()
{
    const StepsLayout& layout = m_scene->layout;
    const auto [first, last] = layout.visibleColumns(m_scene->view);
    const auto columnOf
        = [&](const std::optional<int>& step) { return step ? layout.columnOf(*step) : -1; };
    const int pinned = columnOf(m_scene->pinnedStep);
    const int hovered = columnOf(m_scene->hoveredStep);
    const int stride = layout.labelStride();
    const auto crowded = [&](int column, int chosen) {
        return chosen >= 0 && column != chosen && std::abs(column - chosen) < stride;
    };
    for (int column = first - first % stride; column <= last; column += stride) {
        const int left = layout.columnLeft(column, m_scene->view);
        const bool detachedNeighbour = pinned >= 0
            && std::abs(left - layout.columnLeft(pinned, m_scene->view))
                < layout.columnPitch() * stride;
        if (column != pinned && column != hovered && !detachedNeighbour
            && !crowded(column, hovered))
            paintTokenLabel(column, false);
    }
    if (hovered >= 0 && hovered != pinned && !crowded(hovered, pinned))
        paintTokenLabel(hovered, true);
    if (pinned >= 0)
        paintTokenLabel(pinned, true);
}

void StepsPainter::paintTokenLabel(int column, bool bold)
{
    const StepsLayout& layout = m_scene->layout;
    int step = layout.firstStep(column);
    const auto chosen = [&](const std::optional<int>& wanted) {
        if (bold && wanted && layout.columnOf(*wanted) == column)
            step = *wanted;
    };
    chosen(m_scene->hoveredStep);
    chosen(m_scene->pinnedStep);
    const QString text = shortLabel(m_scene->label(step));
    if (text.isEmpty())
        return;
    QFont font = tokenLabelFont(m_font);
    font.setBold(bold && m_scene->pinnedStep == step);
    m_painter->setFont(font);
    m_painter->setPen(layout.isTail(column) ? m_theme->secondaryText : m_theme->text);
    const QRect labels = layout.tokenLabelsRect();
    const int left = layout.columnLeft(column, m_scene->view);
    const int line = QFontMetrics(font).height();
    if (!layout.slantedLabels()) {
        m_painter->drawText(QRect(left - layout.columnGap() / 2, labels.top(), layout.columnPitch(),
                                labels.height() - line / 4),
            Qt::AlignHCenter | Qt::AlignBottom, text);
    } else {
        // It runs down to its column, so that the last one does not run out of the picture.
        const double room = (labels.height() - line) / std::sin(layout.labelAngle());
        const QFontMetrics metrics(font);
        const QString fitting
            = metrics.elidedText(text, Qt::ElideRight, std::max(2 * line, int(room)));
        m_painter->save();
        m_painter->translate(left + layout.cellWidth() / 2.0, labels.bottom() - line * 0.15);
        m_painter->rotate(layout.labelAngle() * 180 / M_PI);
        m_painter->drawText(QPointF(-metrics.horizontalAdvance(fitting), 0), fitting);
        m_painter->restore();
    }
    m_painter->setFont(m_font);
}

void StepsPainter::paintSource()
{
    if (m_scene->view.scrollX > 0) // labels run on below it
        m_painter->fillRect(m_scene->layout.cornerRect(), m_theme->window);
    m_painter->setFont(smallFont(m_font));
    m_painter->setPen(m_theme->secondaryText);
    m_painter->drawText(m_scene->layout.cornerRect(), Qt::AlignLeft | Qt::AlignBottom,
        sourceText(m_scene->picture->measured()));
    m_painter->setFont(m_font);
}

void StepsPainter::paintTitles()
{
    const QString names[] = { tr("LSTM"), tr("Attention") };
    const QFontMetrics metrics(m_font);
    for (int model = 0; model < 2; ++model) {
        const QRect row = m_scene->layout.titleRect(model);
        QFont bold = m_font;
        bold.setBold(true);
        m_painter->setFont(bold);
        m_painter->setPen(modelColors(*m_theme, model).text);
        m_painter->drawText(row, Qt::AlignVCenter | Qt::AlignLeft, names[model]);

        m_painter->setFont(m_font);
        m_painter->setPen(m_theme->secondaryText);
        QRect rest = row;
        rest.setLeft(m_scene->layout.columnsArea().left());
        // The note says what is not seen, and comes first. The legend comes before the longer
        // explanation: a cell's tooltip says what it waits for.
        const StepsModel& shown = m_scene->model(model);
        const QString& layer = m_scene->layerTexts[std::size_t(model)];
        const QString before = layer.isEmpty() ? layer : layer + tr(" · ");
        QString right = model == 0         ? m_scene->note
            : m_scene->picture->measured() ? tr("dashed: waits · dotted: could begin")
                                           : tr("dashed: waits · dotted: no free worker");
        if (model == 0)
            rest.setRight(m_scene->noteRight);
        right = metrics.elidedText(right, Qt::ElideRight, rest.width());
        const int rightWidth
            = right.isEmpty() ? 0 : metrics.horizontalAdvance(right) + metrics.height();
        const auto longestThatFits = [&](int room) {
            for (const QString& text : { explanationOf(shown), shortExplanationOf(shown) }) {
                if (metrics.horizontalAdvance(before + text) <= room)
                    return before + text;
            }
            return QString();
        };
        QString left = longestThatFits(rest.width() - rightWidth);
        const bool showsRight = model == 0 || !left.isEmpty();
        if (!showsRight)
            left = longestThatFits(rest.width());
        if (left.isEmpty())
            left = metrics.elidedText(
                layer, Qt::ElideRight, rest.width() - (showsRight ? rightWidth : 0));
        m_painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, left);
        if (showsRight)
            m_painter->drawText(rest, Qt::AlignVCenter | Qt::AlignRight, right);
    }
}

void StepsPainter::paintRowLabels(int model)
{
    const StepsLayout& layout = m_scene->layout;
    const StepsGrid& grid = m_scene->model(model).grid;
    const int line = QFontMetrics(m_font).height();
    const int first = layout.firstShown(model, m_scene->view);
    const bool layered = grid.layers() > 1;
    int next = 0; // where there is room for the next label
    for (int subBatch = first; subBatch < first + layout.shown(model); ++subBatch) {
        const QRect rect = layout.rowLabelRect(model, subBatch, m_scene->view);
        const int strip = subBatch * grid.layers();
        if (layered)
            paintLayerLabels(model, strip, grid.layers());
        const QRect label(
            rect.left(), layered ? rect.top() : rect.center().y() - line / 2, rect.width(), line);
        if (label.top() < next)
            continue;
        next = label.top() + (3 * line) / 4; // figures have no descenders
        m_painter->setPen(m_theme->text);
        m_painter->drawText(label, Qt::TextDontClip | Qt::AlignLeft | Qt::AlignVCenter,
            rowsText(m_scene->strip(model, strip).rows));
    }
}

void StepsPainter::paintLayerLabels(int model, int firstStrip, int layers)
{
    QFont small = m_font;
    if (small.pixelSize() > 0)
        small.setPixelSize(int(std::lround(small.pixelSize() * smallScale)));
    else
        small.setPointSizeF(small.pointSizeF() * smallScale);
    const int line = QFontMetrics(small).height();
    const StepsLayout& layout = m_scene->layout;
    if (layout.stripPitch() < line)
        return;
    m_painter->setFont(small);
    m_painter->setPen(m_theme->secondaryText);
    const int right = layout.columnsArea().left() - line / 2;
    for (int strip = firstStrip; strip < firstStrip + layers; ++strip) {
        const int top = layout.stripTop(model, strip, m_scene->view);
        m_painter->drawText(QRect(0, top, right, layout.cellHeight()),
            Qt::TextDontClip | Qt::AlignRight | Qt::AlignVCenter,
            layerText(m_scene->strip(model, strip).layer));
    }
    m_painter->setFont(m_font);
}

void StepsPainter::paintCells(int model, const QRect& area)
{
    const StepsLayout& layout = m_scene->layout;
    const int pitch = layout.columnPitch();
    const int left = layout.columnsArea().left() - m_scene->view.scrollX;
    const auto [first, last] = layout.visibleColumns(m_scene->view);
    // An arrow lies in the gap right of its cell, so one more column to the left.
    m_cells.paint(model, area, std::max(first, (area.left() - left) / pitch - 1),
        std::min(last, (area.right() - left) / pitch));
}

/// A document that Qt writes knows no clip: what reaches beyond the columns is painted over there.
void StepsPainter::clearBesideColumns()
{
    const StepsLayout& layout = m_scene->layout;
    const QRect columns = layout.columnsArea();
    const int beyond = layout.columnPitch();
    m_painter->fillRect(0, columns.top(), columns.left(), columns.height(), m_theme->window);
    m_painter->fillRect(
        columns.right() + 1, columns.top(), beyond, columns.height(), m_theme->window);
}

void StepsPainter::paintDetachedColumn()
{
    const StepsLayout& layout = m_scene->layout;
    const StepsView& view = m_scene->view;
    if (!layout.pinDetached(view))
        return;
    const QRect apart = layout.detachedRect(view);
    const int left = layout.columnLeft(view.pinnedColumn, view);
    for (int model = 0; model < 2; ++model) {
        const QRect strips = layout.stripsRect(model);
        const QRect column(left, strips.top(), layout.cellWidth(), strips.height());
        const QRect cleared(apart.left(), strips.top() - 2, apart.width(), strips.height() + 4);
        m_painter->fillRect(cleared, m_theme->window);
        m_cells.paintPinned(model, column);
        paintBreak(left == apart.left() ? (column.right() + apart.right()) / 2
                                        : (column.left() + apart.left()) / 2,
            strips);
    }
}

/// Two slanted strokes, as where a scale is cut: what lies between the columns is left out.
void StepsPainter::paintBreak(int x, const QRect& strips)
{
    const int line = QFontMetrics(m_font).height();
    const int reach = line / 4;
    m_painter->save();
    m_painter->setRenderHint(QPainter::Antialiasing);
    m_painter->setPen(QPen(m_theme->secondaryText, 1.5));
    const int middle = strips.center().y();
    for (const int shift : { -2, 2 }) {
        m_painter->drawLine(
            QPointF(x - 2 + shift, middle + reach), QPointF(x + 2 + shift, middle - reach));
    }
    m_painter->setPen(QPen(m_theme->secondaryText, 1, Qt::DotLine));
    m_painter->drawLine(QPointF(x, strips.top()), QPointF(x, middle - 2 * reach));
    m_painter->drawLine(QPointF(x, middle + 2 * reach), QPointF(x, strips.bottom()));
    m_painter->restore();
}

/// A cross on the arrow, in each strip of the LSTM that shows.
void StepsPainter::paintBrokenLink()
{
    if (!m_scene->brokenLink)
        return;
    const StepsLayout& layout = m_scene->layout;
    const int column = layout.columnOf(*m_scene->brokenLink);
    const auto [first, last] = layout.visibleColumns(m_scene->view);
    if (column < first || column > last || layout.firstStep(column) != *m_scene->brokenLink)
        return;
    m_painter->save();
    m_painter->setRenderHint(QPainter::Antialiasing);
    m_painter->setPen(QPen(m_theme->text, 2));
    const double x = layout.columnLeft(column, m_scene->view) - layout.columnGap() / 2.0;
    const double reach = std::clamp(layout.columnGap() / 2.0, 3.0, 5.0);
    const int strips = int(m_scene->model(0).grid.strips().size());
    for (int strip = 0; strip < strips; ++strip) {
        if (!layout.stripShows(0, strip, m_scene->view))
            continue;
        const double y = layout.stripTop(0, strip, m_scene->view) + layout.cellHeight() / 2.0;
        m_painter->drawLine(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach));
        m_painter->drawLine(QPointF(x - reach, y + reach), QPointF(x + reach, y - reach));
    }
    m_painter->restore();
}

void StepsPainter::paintPin()
{
    if (!m_scene->pinnedStep)
        return;
    m_painter->save();
    m_painter->setRenderHint(QPainter::Antialiasing);
    m_painter->setBrush(Qt::NoBrush);
    m_painter->setPen(QPen(m_theme->pin, 2.5));
    for (int model = 0; model < 2; ++model) {
        const QRect pinned = m_scene->pinnedRect(model);
        if (!pinned.isEmpty())
            m_painter->drawRoundedRect(QRectF(pinned).adjusted(-2.75, -2.75, 2.75, 2.75), 7, 7);
    }
    m_painter->restore();
}

void StepsPainter::paintRelations()
{
    if (!m_scene->focus || m_scene->focus->operation < 0)
        return;
    m_painter->save();
    m_painter->setClipRect(m_scene->layout.columnsArea().adjusted(-3, 0, 3, 0), Qt::IntersectClip);
    m_painter->setRenderHint(QPainter::Antialiasing);
    m_painter->setBrush(Qt::NoBrush);
    QPen unblocks(m_theme->secondaryText, 2);
    unblocks.setDashPattern({ 3, 2 });
    paintOutline(m_scene->focus->relations.unblocks, unblocks);
    paintOutline(m_scene->focus->relations.needs, QPen(m_theme->text, 2));
    m_painter->restore();
}

void StepsPainter::paintOutline(const std::vector<int>& operations, const QPen& pen)
{
    const StepsFocus& focus = *m_scene->focus;
    const StepsLayout& layout = m_scene->layout;
    const StepsGrid& grid = m_scene->model(focus.spot.model).grid;
    m_painter->setPen(pen);
    QRect run;
    StepsPlace last;
    const auto finish = [&] {
        if (!run.isEmpty())
            m_painter->drawRoundedRect(QRectF(run).adjusted(-1, -1, 1, 1), 5, 5);
        run = {};
    };
    for (const int operation : operations) {
        const StepsPlace& place = grid.place(operation);
        if (!layout.stripShows(focus.spot.model, place.strip, m_scene->view))
            continue;
        const int column = layout.columnOf(place.step);
        const QRect cell = layout.cellRect(focus.spot.model, place.strip, column, m_scene->view);
        const QRect part
            = layout.partRect(focus.spot.model, place.strip, column, place.tier, place.part)
                  .translated(cell.topLeft());
        const bool joined = place.strip == last.strip && place.tier == last.tier
            && part.left() - run.right() <= layout.columnGap() + 1 && part.right() >= run.left();
        if (!joined)
            finish();
        run = run.united(part);
        last = place;
    }
    finish();
}

QRect StepsPainter::spotRect(const StepsSpot& spot) const
{
    const StepsLayout& layout = m_scene->layout;
    const QRect cell = layout.cellRect(spot.model, spot.strip, spot.column, m_scene->view);
    return layout.partRect(spot.model, spot.strip, spot.column, spot.tier, spot.part)
        .translated(cell.topLeft());
}

void StepsPainter::paintFocusRectangle()
{
    if (!m_scene->keyboardSpot
        || !m_scene->layout.stripShows(
            m_scene->keyboardSpot->model, m_scene->keyboardSpot->strip, m_scene->view))
        return;
    m_painter->save();
    m_painter->setRenderHint(QPainter::Antialiasing);
    m_painter->setBrush(Qt::NoBrush);
    m_painter->setPen(QPen(m_theme->text, 1.5, Qt::DotLine));
    m_painter->drawRoundedRect(
        QRectF(spotRect(*m_scene->keyboardSpot)).adjusted(-3, -3, 3, 3), 6, 6);
    m_painter->restore();
}

} // namespace timestep
