// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_canvas.h"

#include "ui/views/cell_walk.h"
#include "ui/views/steps_changes.h"
#include "ui/views/steps_tooltip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr double frontPlace = 0.6; // of the columns' width, where the front is kept
constexpr int mostPictureHeight = 3600; // pixels: two, beside a real run, make one picture

} // namespace

StepsCanvas::StepsCanvas(QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_tooltip(new StepsTooltip(viewport()))
    , m_wholeTextButton(new QPushButton(viewport()))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Steps of both models: plan, not measured"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);

    m_wholeTextButton->setProperty("small", true);
    m_wholeTextButton->setCursor(Qt::ArrowCursor);
    connect(m_wholeTextButton, &QPushButton::clicked, this, [this] { setWholeText(!m_wholeText); });
    setWholeText(false);

    for (QScrollBar* bar : { horizontalScrollBar(), verticalScrollBar() })
        connect(bar, &QScrollBar::actionTriggered, this, &StepsCanvas::scrollByHand);
}

StepsCanvas::~StepsCanvas() = default;

void StepsCanvas::setPicture(std::shared_ptr<const StepsPicture> picture)
{
    m_scene.picture = std::move(picture);
    m_front = m_scene.picture ? StepsFront(m_scene.picture->models[0]) : StepsFront();
    m_scene.tailLabels.clear();
    if (m_scene.picture)
        for (const OperationKind tail : m_scene.picture->models[0].grid.tails())
            m_scene.tailLabels.push_back(tailLabel(tail));
    m_scene.focus.reset(); // of the picture before
    layOut();
}

void StepsCanvas::setTokenLabels(std::vector<QString> labels)
{
    if (m_scene.labels == labels)
        return;
    m_scene.labels = std::move(labels);
    layOut();
}

void StepsCanvas::setEmptyText(const QString& text)
{
    m_emptyText = text;
    if (!m_scene.picture)
        viewport()->update();
}

void StepsCanvas::setLayerTexts(const QString& lstm, const QString& attention)
{
    m_scene.layerTexts = { lstm, attention };
    viewport()->update();
}

void StepsCanvas::setPinnedStep(std::optional<int> step)
{
    takePin(step, step ? IndexRange { *step, *step + 1 } : IndexRange(), std::nullopt);
}

void StepsCanvas::setPinnedWork(IndexRange steps, IndexRange rows)
{
    takePin(steps.end - 1, steps, rows);
}

void StepsCanvas::takePin(std::optional<int> step, IndexRange steps, std::optional<IndexRange> rows)
{
    if (m_scene.pinnedStep == step && m_scene.pinnedSteps == steps && m_scene.pinnedRows == rows)
        return;
    m_scene.pinnedStep = step;
    m_scene.pinnedSteps = steps;
    m_scene.pinnedRows = rows;
    m_clicked.reset(); // of the step pinned before
    if (step && m_scene.layout.columnOf(*step) < m_scene.layout.columns()
        && !(m_playing && m_following))
        showColumn(m_scene.layout.columnOf(*step));
    updateView();
}

void StepsCanvas::setBrokenLink(std::optional<int> step)
{
    if (m_scene.brokenLink == step)
        return;
    m_scene.brokenLink = step;
    viewport()->update();
}

void StepsCanvas::setHoveredStep(std::optional<int> step)
{
    if (m_scene.hoveredStep == step)
        return;
    m_scene.hoveredStep = step;
    viewport()->update(m_scene.layout.tokenLabelsRect());
}

void StepsCanvas::setPlaying(bool playing)
{
    m_playing = playing;
    if (playing)
        m_following = true;
    followFront();
    describeForScreenReaders();
}

void StepsCanvas::setFollowsFront(bool follows) { m_followsFront = follows; }

void StepsCanvas::setWholeText(bool whole)
{
    m_wholeText = whole;
    m_wholeTextButton->setText(whole ? tr("Single steps") : tr("Whole text"));
    m_wholeTextButton->setToolTip(whole
            ? tr("Show a cell for each step, and scroll")
            : tr("Show all steps at once, if need be several to a cell"));
    layOut();
}

void StepsCanvas::setForPicture(bool forPicture)
{
    m_scene.onPaper = forPicture;
    layOut();
}

void StepsCanvas::setTime(double units)
{
    const double before = std::exchange(m_scene.time, units);
    if (before == units)
        return;
    if (const auto changed = changedCells(m_scene, before, units))
        viewport()->update(*changed);
    else
        viewport()->update();
    followFront();
    if (m_scene.focus)
        showStatement();
    else
        describeForScreenReaders();
}

void StepsCanvas::layOut()
{
    const QSize size = viewport()->size();
    m_scene.layout = StepsLayout(m_scene.layoutInput(size, font(), m_wholeText));
    updateScrollBars();
    setMaximumHeight(std::max(minimumSizeHint().height(), sizeHint().height()));
    updateGeometry();
    placeWholeTextButton();
    updateView();
    if (m_scene.keyboardSpot && operationAt(*m_scene.keyboardSpot) < 0)
        leaveWalk();
    if (m_clicked && operationAt(*m_clicked) < 0)
        m_clicked.reset();
    if (m_hovered && operationAt(*m_hovered) < 0)
        hover(std::nullopt);
    else
        focusOn(m_hovered);
}

void StepsCanvas::updateScrollBars()
{
    const StepsLayout& layout = m_scene.layout;
    const int lastX = layout.lastScrollX();
    horizontalScrollBar()->setRange(0, lastX);
    horizontalScrollBar()->setPageStep(layout.columnsArea().width());
    horizontalScrollBar()->setSingleStep(layout.columnPitch());
    verticalScrollBar()->setRange(0, layout.lastFirstSubBatch());
    verticalScrollBar()->setPageStep(layout.visibleSubBatches());
    verticalScrollBar()->setSingleStep(1);
}

void StepsCanvas::updateView()
{
    StepsView& view = m_scene.view;
    view.scrollX = horizontalScrollBar()->value();
    view.firstSubBatch = verticalScrollBar()->value();
    view.pinnedColumn = -1;
    if (m_scene.pinnedStep) {
        const int column = m_scene.layout.columnOf(*m_scene.pinnedStep);
        view.pinnedColumn = column < m_scene.layout.columns() ? column : -1;
    }
    m_scene.note = m_scene.noteOfView();
    viewport()->update();
}

void StepsCanvas::placeWholeTextButton()
{
    m_wholeTextButton->setVisible(
        !m_scene.onPaper && (m_wholeText || m_scene.layout.lastScrollX() > 0));
    m_wholeTextButton->adjustSize();
    const QRect title = m_scene.layout.titleRect(0);
    m_wholeTextButton->move(title.right() - m_wholeTextButton->width(),
        title.center().y() - m_wholeTextButton->height() / 2);
    m_scene.noteRight = m_wholeTextButton->isHidden() ? title.right() : m_wholeTextButton->x() - 8;
}

/// Of a viewport without end.
StepsLayout StepsCanvas::tallestLayout() const
{
    StepsLayoutInput input = m_scene.layoutInput(viewport()->size(), font(), m_wholeText);
    input.size.setHeight(QWIDGETSIZE_MAX / 2);
    return StepsLayout(input);
}

int StepsCanvas::scrollBarHeight() const
{
    return m_scene.layout.lastScrollX() > 0 && !m_scene.onPaper
        ? horizontalScrollBar()->sizeHint().height()
        : 0;
}

QSize StepsCanvas::sizeHint() const
{
    // As tall as the tallest strips would have it: what is below can move up where there are few.
    return { 900, tallestLayout().contentHeight() + scrollBarHeight() };
}

QSize StepsCanvas::minimumSizeHint() const
{
    const int line = fontMetrics().height();
    int least = m_scene.layout.leastHeight();
    if (m_scene.onPaper)
        least = std::max(least, std::min(tallestLayout().leastWholeHeight(), mostPictureHeight));
    return { line * 24, std::max(line * 17 / 2, least + scrollBarHeight()) };
}

QRect StepsCanvas::spotRect(const StepsSpot& spot) const
{
    const StepsLayout& layout = m_scene.layout;
    if (!m_scene.picture || !layout.stripShows(spot.model, spot.strip, m_scene.view))
        return {};
    const QRect cell = layout.cellRect(spot.model, spot.strip, spot.column, m_scene.view);
    return layout.partRect(spot.model, spot.strip, spot.column, spot.tier, spot.part)
        .translated(cell.topLeft())
        .intersected(layout.columnsArea());
}

int StepsCanvas::operationAt(const StepsSpot& spot) const
{
    if (!m_scene.picture)
        return -1;
    return m_scene.picture->models[std::size_t(spot.model)].grid.operation(
        { spot.strip, m_scene.layout.firstStep(spot.column), spot.tier, spot.part });
}

StepsSpot StepsCanvas::lastTier(StepsSpot spot) const
{
    const StepsGrid& grid = m_scene.picture->models[std::size_t(spot.model)].grid;
    const int step = m_scene.layout.firstStep(spot.column);
    spot.tier = int(grid.tiers(spot.strip, step).size()) - 1;
    spot.part = 0;
    return spot;
}

// What is looked at

void StepsCanvas::hover(std::optional<StepsSpot> spot)
{
    if (spot && operationAt(*spot) < 0)
        spot.reset(); // masked
    if (spot == m_hovered)
        return;
    m_hovered = spot;
    focusOn(spot);
    emit stepHovered(spot ? stepOf(*spot) : std::nullopt);
}

/// What follows the steps is of no token.
std::optional<int> StepsCanvas::stepOf(const StepsSpot& spot) const
{
    const StepsLayout& layout = m_scene.layout;
    return layout.isTail(spot.column) ? std::nullopt
                                      : std::optional<int>(layout.firstStep(spot.column));
}

void StepsCanvas::focusOn(const std::optional<StepsSpot>& spot)
{
    const std::optional<StepsSpot> chosen = spot ? spot
        : hasFocus()                             ? m_scene.keyboardSpot
                                                 : std::nullopt;
    m_scene.focus.reset();
    if (chosen) {
        StepsFocus focus { *chosen, -1, {} };
        if (!m_scene.layout.grouped(chosen->column)) {
            focus.operation = operationAt(*chosen);
            if (focus.operation >= 0) // the cell is not empty
                focus.relations = relationsOf(
                    *m_scene.picture->models[std::size_t(chosen->model)].plan, focus.operation);
        }
        m_scene.focus = std::move(focus);
    }
    viewport()->update();
    showStatement();
}

StepsStatement StepsCanvas::statement() const
{
    if (!m_scene.focus)
        return {};
    const StepsFocus& focus = *m_scene.focus;
    const StepsModel& model = m_scene.picture->models[std::size_t(focus.spot.model)];
    if (focus.operation >= 0)
        return statementOf(model, m_scene.labels, focus.operation, focus.relations, m_scene.time);
    if (!m_scene.layout.grouped(focus.spot.column))
        return {}; // nothing is there
    return statementOfSteps(model, focus.spot.strip, m_scene.layout.firstStep(focus.spot.column),
        m_scene.layout.lastStep(focus.spot.column), m_scene.time);
}

void StepsCanvas::showStatement()
{
    const QRect rect = m_scene.focus ? spotRect(m_scene.focus->spot) : QRect();
    if (rect.isEmpty())
        m_tooltip->hide();
    else
        m_tooltip->showAt(rect, statement());
    describeForScreenReaders();
    emit statementChanged();
}

void StepsCanvas::describeForScreenReaders()
{
    // While the clock runs, a description a frame would drown whoever listens.
    if (m_playing)
        return;
    const QString keys
        = tr("Arrow keys walk from cell to cell, Ctrl+Home and Ctrl+End to the first "
             "and the last step, Enter pins the token.");
    const QString text = m_scene.focus ? statement().text()
        : m_scene.picture              ? summaryOf(*m_scene.picture, m_scene.time) + u' ' + keys
                                       : keys;
    if (accessibleDescription() != text)
        setAccessibleDescription(text);
}

// Time

void StepsCanvas::followFront()
{
    const StepsLayout& layout = m_scene.layout;
    if (!m_followsFront || !m_following || !m_scene.picture || layout.lastScrollX() == 0)
        return;
    const double front = m_front.at(m_scene.time) / layout.stepsPerCell() * layout.columnPitch();
    const int wanted = int(front - frontPlace * layout.columnsArea().width());
    horizontalScrollBar()->setValue(std::clamp(wanted, 0, layout.lastScrollX()));
}

void StepsCanvas::scrollByHand() { m_following = false; }

// Scrolling

void StepsCanvas::scrollContentsBy(int, int)
{
    updateView();
    if (m_scene.focus)
        showStatement();
}

void StepsCanvas::showColumn(int column)
{
    horizontalScrollBar()->setValue(m_scene.layout.scrollToColumn(column, m_scene.view));
}

void StepsCanvas::wheelEvent(QWheelEvent* event)
{
    scrollByHand();
    // Where there is nothing to scroll up and down, the wheel moves along the text.
    const bool sideways
        = verticalScrollBar()->maximum() == 0 || event->modifiers().testFlag(Qt::ShiftModifier);
    const QPoint delta = event->angleDelta();
    if (sideways && delta.x() == 0 && horizontalScrollBar()->maximum() > 0) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - delta.y());
        event->accept();
        return;
    }
    QAbstractScrollArea::wheelEvent(event);
}

// Mouse and keys

bool StepsCanvas::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave)
        leave();
    return QAbstractScrollArea::viewportEvent(event);
}

void StepsCanvas::leave() { hover(std::nullopt); }

void StepsCanvas::mouseMoveEvent(QMouseEvent* event)
{
    hover(m_scene.picture ? m_scene.layout.spotAt(event->position().toPoint(), m_scene.view)
                          : std::nullopt);
}

void StepsCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_scene.picture)
        return;
    if (const auto spot = m_scene.layout.spotAt(event->position().toPoint(), m_scene.view))
        pinClicked(*spot);
}

/// The arrow keys go on from there.
void StepsCanvas::pinClicked(const StepsSpot& spot)
{
    pin(spot);
    m_scene.keyboardSpot.reset();
    m_clicked = spot;
}

void StepsCanvas::pin(const StepsSpot& spot)
{
    const std::optional<int> step = stepOf(spot);
    if (!step)
        return;
    setPinnedStep(step);
    emit stepPinned(*step);
}

void StepsCanvas::keyPressEvent(QKeyEvent* event)
{
    if (const auto walked = cellWalkOf(*event, m_scene.layout.columns(), RowEnds::ControlHomeEnd))
        return walk(*walked);
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_scene.keyboardSpot && !event->modifiers().testFlag(Qt::ControlModifier))
        return pin(*m_scene.keyboardSpot);
    event->ignore();
}

void StepsCanvas::walk(const CellWalk& by)
{
    if (!m_scene.picture || m_scene.layout.columns() == 0)
        return;
    if (!m_scene.keyboardSpot && !m_clicked) {
        // The first key shows where the walk begins: at the pinned step, or at the first that
        // shows.
        const int pinned = m_scene.view.pinnedColumn;
        const int column = pinned >= 0 ? pinned : m_scene.layout.visibleColumns(m_scene.view).first;
        const int subBatch = m_scene.layout.firstShown(0, m_scene.view);
        const int strip = subBatch * m_scene.picture->models[0].grid.layers();
        return walkTo({ 0, strip, column, 0, 0 });
    }
    StepsSpot spot = m_scene.keyboardSpot ? *m_scene.keyboardSpot : *m_clicked;
    spot.column = std::clamp(spot.column + by.columns, 0, m_scene.layout.columns() - 1);
    const int lstmStrips = int(m_scene.picture->models[0].grid.strips().size());
    const int attentionStrips = int(m_scene.picture->models[1].grid.strips().size());
    const int strip = std::clamp(
        spot.model * lstmStrips + spot.strip + by.rows, 0, lstmStrips + attentionStrips - 1);
    spot.model = strip < lstmStrips ? 0 : 1;
    spot.strip = strip - spot.model * lstmStrips;
    walkTo(spot);
}

void StepsCanvas::walkTo(const StepsSpot& spot)
{
    scrollByHand();
    m_scene.keyboardSpot = lastTier(spot);
    showColumn(spot.column);
    const StepsGrid& grid = m_scene.picture->models[std::size_t(spot.model)].grid;
    const int subBatch = spot.strip / grid.layers();
    const int first = m_scene.layout.firstShown(spot.model, m_scene.view);
    const int last = first + m_scene.layout.shown(spot.model) - 1;
    if (subBatch < first)
        verticalScrollBar()->setValue(subBatch);
    else if (subBatch > last)
        verticalScrollBar()->setValue(subBatch - m_scene.layout.shown(spot.model) + 1);
    m_hovered.reset();
    focusOn(m_scene.keyboardSpot);
    emit stepHovered(stepOf(spot));
}

void StepsCanvas::clearPointing()
{
    m_clicked.reset();
    leaveWalk();
    m_hovered.reset();
    focusOn(std::nullopt);
}

void StepsCanvas::leaveWalk()
{
    if (!m_scene.keyboardSpot)
        return;
    m_scene.keyboardSpot.reset();
    if (!m_hovered)
        emit stepHovered(std::nullopt);
}

void StepsCanvas::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    focusOn(m_hovered);
}

void StepsCanvas::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    leaveWalk();
    focusOn(m_hovered);
}

void StepsCanvas::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layOut();
    else if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

void StepsCanvas::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void StepsCanvas::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const Theme& theme = Theme::of(palette());
    m_painter.paint(painter, m_scene, event->region(), theme, font(), devicePixelRatioF());
    if (m_scene.picture)
        return;
    painter.setPen(theme.secondaryText);
    painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

} // namespace timestep
