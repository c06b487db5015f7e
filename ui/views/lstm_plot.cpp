// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_plot.h"

#include "ui/views/cell_numbers.h"
#include "ui/views/cell_walk.h"
#include "ui/views/fonts.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <utility>

namespace timestep {

LstmPlot::LstmPlot(TokenView& view, QWidget* parent)
    : QWidget(parent)
    , m_view(view)
    , m_gestures(view)
    , m_picture(std::make_shared<LstmPicture>())
    , m_shown(lstmQuantities.begin(), lstmQuantities.end())
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Gates and states of every unit over the tokens"));
    connect(&view, &TokenView::axisChanged, this, qOverload<>(&QWidget::update));
    connect(&view, &TokenView::spanChanged, this, [this] {
        m_marks.span = m_view.span();
        update();
    });
    connect(&m_images, &LiveLstmImages::changed, this, qOverload<>(&QWidget::update));
}

QSize LstmPlot::sizeHint() const { return { 640, 420 }; }

QSize LstmPlot::minimumSizeHint() const
{
    return { 260, LstmLayout::leastHeight(static_cast<int>(m_shown.size()), m_letters) };
}

void LstmPlot::setPicture(LstmPicturePointer picture)
{
    m_picture = std::move(picture);
    m_marks.foundUnits.clear(); // of another text or layer
    if (m_marks.cell
        && (m_marks.cell->step >= m_picture->tokens() || m_marks.cell->unit >= m_picture->units()))
        m_marks.cell.reset();
    m_spanFrom.reset();
    arrange();
}

void LstmPlot::setShown(std::vector<LstmQuantity> quantities)
{
    m_shown = std::move(quantities);
    if (m_marks.cell
        && std::find(m_shown.begin(), m_shown.end(), m_marks.cell->quantity) == m_shown.end())
        clearCell();
    updateGeometry();
    arrange();
}

void LstmPlot::setPinned(std::optional<int> step, std::optional<int> unit)
{
    if (m_marks.pinnedStep == step && m_marks.pinnedUnit == unit)
        return;
    m_marks.pinnedStep = step;
    m_marks.pinnedUnit = unit;
    update();
}

void LstmPlot::setHoveredStep(std::optional<int> step)
{
    if (std::exchange(m_marks.hoveredStep, step) != step)
        update();
}

void LstmPlot::setFoundUnits(std::vector<int> units)
{
    if (m_marks.foundUnits == units)
        return;
    m_marks.foundUnits = std::move(units);
    update();
}

void LstmPlot::clearCell() { showCell(std::nullopt); }

void LstmPlot::arrange()
{
    m_letters = LstmPainter::lettersOf(*m_picture, monospaceFont(font()), smallFont(font()));
    m_layout = LstmLayout::of(size(), m_shown, m_picture->tokens(), m_letters);
    update();
    emit arranged();
}

LstmPart LstmPlot::partInView() const
{
    const QSize cells = m_layout.maps.empty() ? QSize() : m_layout.maps.front().cells.size();
    return { m_picture, m_shown, m_view.axis(), cells * devicePixelRatioF(),
        Theme::of(palette()).dark };
}

bool LstmPlot::complete() const
{
    return m_picture->tokens() == 0 || m_layout.maps.empty() || m_images.exact(partInView());
}

LstmPainter LstmPlot::painterOfParts() const
{
    return { *m_picture, m_view.axis(), m_layout, Theme::of(palette()), monospaceFont(font()),
        smallFont(font()) };
}

void LstmPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const LstmPainter parts = painterOfParts();
    parts.paintNames(painter);
    if (m_picture->tokens() == 0)
        return parts.paintMaps(painter, {}); // where the maps will be
    parts.paintMaps(painter, m_images.images(partInView()));
    parts.paintLabels(painter, m_marks.pinnedStep);
    parts.paintNote(painter);
    parts.paintMarks(painter, m_marks);
}

void LstmPlot::showCell(std::optional<LstmCell> cell)
{
    if (m_marks.cell == cell)
        return;
    m_marks.cell = cell;
    setAccessibleDescription(
        cell ? lstmCellText(*m_picture, cell->quantity, cell->step, cell->unit) : QString());
    update();
    emit stepHovered(cell ? std::optional(cell->step) : std::nullopt);
}

std::optional<LstmCell> LstmPlot::cellAt(QPointF position) const
{
    const LstmLayout::Map* map = m_layout.mapAt(position);
    const auto step = columns().tokenAt(position.x());
    if (!map || !step || m_picture->tokens() == 0)
        return std::nullopt;
    const int row = unitRowAt(map->cells, position.y(), m_picture->units());
    return LstmCell { map->quantity, *step, m_picture->unitOfRow[static_cast<std::size_t>(row)] };
}

void LstmPlot::mousePressEvent(QMouseEvent* event)
{
    m_gestures.press(*event, columns(), event->position().y() < m_layout.allMaps().top());
}

void LstmPlot::mouseMoveEvent(QMouseEvent* event)
{
    m_gestures.move(*event, columns());
    showCell(cellAt(event->position()));
}

/// The labels are targets too, of their step alone.
void LstmPlot::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_gestures.release() || m_picture->tokens() == 0)
        return;
    if (const auto cell = cellAt(event->position()))
        emit cellPinned(cell->step, cell->unit);
    else if (const auto step = columns().tokenAt(event->position().x()))
        emit cellPinned(*step, std::nullopt);
}

void LstmPlot::mouseDoubleClickEvent(QMouseEvent*) { showAll(); }

void LstmPlot::showAll()
{
    TokenAxis axis = m_view.axis();
    axis.showAll();
    m_view.setAxis(axis);
}

void LstmPlot::wheelEvent(QWheelEvent* event)
{
    m_gestures.wheel(*event, columns());
    showCell(cellAt(event->position()));
    event->accept();
}

void LstmPlot::leaveEvent(QEvent*) { clearCell(); }

void LstmPlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void LstmPlot::keyPressEvent(QKeyEvent* event)
{
    if (const auto by = cellWalkOf(*event, m_picture->tokens(), RowEnds::HomeEnd)) {
        if (m_picture->tokens() > 0)
            walk(*event, by->columns, by->rows);
        return;
    }
    switch (event->key()) {
    case Qt::Key_0:
        return showAll();
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_L:
        if (m_marks.cell)
            emit cellPinned(m_marks.cell->step, m_marks.cell->unit);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

/// From the cell that is pointed at, else from the pinned one, else from the first.
void LstmPlot::walk(const QKeyEvent& event, int columns, int rows)
{
    const int lastStep = m_picture->tokens() - 1;
    const int lastRow = m_picture->units() - 1;
    LstmCell cell;
    if (m_marks.cell) {
        cell = *m_marks.cell;
        const int row = m_picture->rowOfUnit[static_cast<std::size_t>(cell.unit)];
        cell.step = std::clamp(cell.step + columns, 0, lastStep);
        cell.unit
            = m_picture->unitOfRow[static_cast<std::size_t>(std::clamp(row + rows, 0, lastRow))];
    } else {
        cell.quantity = m_shown.front();
        cell.step = std::min(m_marks.pinnedStep.value_or(0), lastStep);
        cell.unit = std::min(m_marks.pinnedUnit.value_or(m_picture->unitOfRow.front()), lastRow);
    }
    const int before = m_marks.cell ? m_marks.cell->step : cell.step;
    TokenAxis axis = m_view.axis();
    axis.reveal(cell.step);
    m_view.setAxis(axis);
    showCell(cell);
    if (!event.modifiers().testFlag(Qt::ShiftModifier))
        m_spanFrom.reset();
    else if (columns != 0) {
        m_spanFrom = m_spanFrom.value_or(before);
        m_view.setSpan(
            IndexRange { std::min(*m_spanFrom, cell.step), std::max(*m_spanFrom, cell.step) + 1 });
    }
}

void LstmPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        arrange();
    QWidget::changeEvent(event);
}

void LstmPlot::focusOutEvent(QFocusEvent* event)
{
    clearCell();
    QWidget::focusOutEvent(event);
}

} // namespace timestep

#include "moc_lstm_plot.cpp"
