// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_plot.h"

#include "ui/views/attention_sentence.h"
#include "ui/views/cell_walk.h"
#include "ui/views/fonts.h"
#include "ui/views/vector_plot.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <cmath>
#include <functional>

namespace timestep {

namespace {

constexpr auto MarksLayer = "marks"; // painted on its own, so that hovering repaints no cell
constexpr double ZoomOfAWheelStep = 0.8;

/// A part of the picture in one of the plot's layers.
class PaintedPart : public QCPLayerable
{
public:
    PaintedPart(QCustomPlot* plot, const QString& layer, std::function<void(QPainter&)> paint)
        : QCPLayerable(plot, layer)
        , m_paint(std::move(paint))
    {
    }

protected:
    void applyDefaultAntialiasingHint(QCPPainter*) const override { }
    void draw(QCPPainter* painter) override { m_paint(*painter); }

private:
    std::function<void(QPainter&)> m_paint;
};

/// The cell whose share or score is what a pixel of several cells shows.
QPoint largestUnderPixel(const AffinityPicture& picture, const AffinityViewport& view,
    const AffinityLayout& layout, QPoint first)
{
    const int cells = static_cast<int>(std::ceil(1 / layout.cellSize(view)));
    const IndexRange rows { first.y(), std::min(first.y() + cells, view.tokens()) };
    const IndexRange columns { first.x(), std::min(first.x() + cells, view.tokens()) };
    Matrix<float> shares(rows.count(), columns.count());
    const AffinityTile tile { rows, columns, shares.data(),
        static_cast<std::size_t>(columns.count()) };
    if (picture.scores) {
        picture.affinities().readScores(picture.index(), tile);
        shares = shares.cwiseAbs().eval();
        if (picture.stage == AffinityStage::Masked)
            for (int row = rows.begin; row < rows.end; ++row)
                for (int column = columns.begin; column < columns.end; ++column)
                    if (!picture.readable(row).contains(column))
                        shares(row - rows.begin, column - columns.begin) = -1;
    } else {
        picture.affinities().read(picture.index(), tile);
    }
    Eigen::Index row = 0;
    Eigen::Index column = 0;
    shares.maxCoeff(&row, &column);
    return first + QPoint(static_cast<int>(column), static_cast<int>(row));
}

/// Axes without ticks or labels: the tokens are the labels.
void bareAxes(QCustomPlot& plot)
{
    plot.axisRect()->setAutoMargins(QCP::msNone);
    for (QCPAxis* axis : plot.axisRect()->axes()) {
        axis->setVisible(false);
        axis->grid()->setVisible(false);
    }
    plot.yAxis->setRangeReversed(true);
}

} // namespace

AffinityPlot::AffinityPlot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new VectorPlot(this))
    , m_picture(std::make_shared<AffinityPicture>())
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Affinity of every pair of tokens"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);

    bareAxes(*m_plot);
    m_plot->setNoAntialiasingOnDrag(false);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    m_plot->addLayer(QLatin1String(MarksLayer), m_plot->layer(QStringLiteral("overlay")));
    m_plot->layer(QLatin1String(MarksLayer))->setMode(QCPLayer::lmBuffered);
    // The plot owns its parts.
    new PaintedPart(m_plot, QStringLiteral("main"), [this](QPainter& painter) {
        const AffinityPainter parts = painterOfParts();
        if (m_picture->tokens() == 0)
            return parts.paintFrame(painter); // where the cells will be
        if (!m_layout.cells.isEmpty())
            parts.paintCells(painter, m_image.images(partInView()));
        parts.paintLabels(painter, m_marks);
        parts.paintBars(painter);
        parts.paintNote(painter);
    });
    new PaintedPart(m_plot, QLatin1String(MarksLayer), [this](QPainter& painter) {
        if (m_picture->tokens() > 0)
            painterOfParts().paintMarks(painter, m_marks);
    });
    connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { press(*event); });
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { move(*event); });
    connect(
        m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) { release(*event); });
    connect(m_plot, &QCustomPlot::mouseWheel, this, [this](QWheelEvent* event) { wheel(*event); });
    connect(&m_image, &LiveAffinityImage::changed, this,
        [this] { m_plot->replot(QCustomPlot::rpQueuedReplot); });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this] { showAll(); });
    arrange();
}

void AffinityPlot::setPicture(AffinityPicturePointer picture)
{
    m_picture = std::move(picture);
    m_image.clear();
    m_view.setTokens(m_picture->tokens());
    const int tokens = m_picture->tokens();
    if (m_marks.cell && (m_marks.cell->x() >= tokens || m_marks.cell->y() >= tokens))
        m_marks.cell.reset();
    arrange();
}

void AffinityPlot::setPinnedRow(std::optional<int> row)
{
    if (m_marks.pinnedRow == row)
        return;
    m_marks.pinnedRow = row;
    m_plot->replot(QCustomPlot::rpQueuedReplot); // its label is bold
}

void AffinityPlot::setHoveredRow(std::optional<int> row)
{
    if (m_marks.hoveredRow == row)
        return;
    m_marks.hoveredRow = row;
    m_plot->layer(QLatin1String(MarksLayer))->replot();
}

void AffinityPlot::showAll()
{
    m_view.showAll();
    showView();
}

void AffinityPlot::clearCell() { showCell(std::nullopt); }

void AffinityPlot::arrange()
{
    const QFont labels = monospaceFont(font());
    m_layout = AffinityLayout::of(size(), AffinityPainter::labelWidth(*m_picture, labels),
        AffinityPainter::captionWidth(smallFont(font())), QFontMetrics(labels).height());
    const QRect& cells = m_layout.cells;
    m_plot->axisRect()->setMargins(QMargins(
        cells.left(), cells.top(), width() - cells.right() - 1, height() - cells.bottom() - 1));
    m_plot->setBackground(Theme::of(palette()).window);
    showView();
}

void AffinityPlot::showView()
{
    m_plot->xAxis->setRange(m_view.column(), m_view.column() + m_view.extent());
    m_plot->yAxis->setRange(m_view.row(), m_view.row() + m_view.extent());
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

AffinityPart AffinityPlot::partInView() const
{
    return { m_picture, m_view.cells(), m_layout.cells.size() * m_plot->bufferDevicePixelRatio(),
        Theme::of(palette()).dark };
}

bool AffinityPlot::complete() const
{
    return m_picture->tokens() == 0 || m_layout.cells.isEmpty() || m_image.exact(partInView());
}

AffinityPainter AffinityPlot::painterOfParts() const
{
    return { *m_picture, m_view, m_layout, Theme::of(palette()), monospaceFont(font()),
        smallFont(font()) };
}

void AffinityPlot::showCell(std::optional<QPoint> cell)
{
    if (m_marks.cell == cell)
        return;
    m_marks.cell = cell;
    setAccessibleDescription(cell ? cellDescription(*cell) : QString());
    m_plot->layer(QLatin1String(MarksLayer))->replot();
    emit rowHovered(cell ? std::optional(cell->y()) : std::nullopt);
}

QString AffinityPlot::cellDescription(QPoint cell) const
{
    const QString text = affinityCellText(*m_picture, cell.y(), cell.x());
    const QString stages = affinityStagesText(*m_picture, cell.y(), cell.x());
    return stages.isEmpty() ? text : text + QStringLiteral("; ") + stages;
}

std::optional<QPoint> AffinityPlot::cellAt(QPointF position) const
{
    if (m_picture->tokens() == 0 || !m_layout.cells.contains(position.toPoint()))
        return std::nullopt;
    const auto column = m_layout.columnAt(m_view, position.x());
    const auto row = m_layout.rowAt(m_view, position.y());
    if (!column || !row)
        return std::nullopt;
    const QPoint cell(*column, *row);
    return m_layout.cellSize(m_view) < 1 ? largestUnderPixel(*m_picture, m_view, m_layout, cell)
                                         : cell;
}

void AffinityPlot::press(const QMouseEvent& event)
{
    if (event.button() != Qt::LeftButton)
        return;
    m_pressed = event.position();
    m_dragged = false;
}

void AffinityPlot::move(const QMouseEvent& event)
{
    if (m_pressed) {
        const QPointF way = event.position() - *m_pressed;
        m_dragged = m_dragged || way.manhattanLength() >= QApplication::startDragDistance();
        const double cell = m_layout.cellSize(m_view);
        if (m_dragged && cell > 0) {
            m_view.pan(-way.x() / cell, -way.y() / cell);
            m_pressed = event.position();
            showView();
        }
    }
    showCell(cellAt(event.position()));
    showBar(event);
}

/// Says what the bar beside the cells is that the pointer is on.
void AffinityPlot::showBar(const QMouseEvent& event)
{
    const QPoint at = event.position().toPoint();
    QString text;
    if (m_picture->tokens() > 0 && m_layout.spread.contains(at)) {
        if (const auto row = m_layout.rowAt(m_view, at.y()))
            text = spreadText(*m_picture, *row);
    } else if (m_picture->tokens() > 0 && m_layout.received.contains(at)) {
        if (const auto column = m_layout.columnAt(m_view, at.x()))
            text = receivedText(*m_picture, *column);
    }
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event.globalPosition().toPoint(), text, m_plot);
}

void AffinityPlot::release(const QMouseEvent& event)
{
    const bool clicked = m_pressed && !m_dragged;
    m_pressed.reset();
    if (!clicked || m_picture->tokens() == 0)
        return;
    // The labels are targets too: those above by their column, all else by its row.
    const bool above = event.position().y() < m_layout.cells.top();
    const auto row = above ? m_layout.columnAt(m_view, event.position().x())
                           : m_layout.rowAt(m_view, event.position().y());
    if (row)
        emit rowPinned(*row);
}

void AffinityPlot::wheel(const QWheelEvent& event)
{
    const double cell = m_layout.cellSize(m_view);
    if (cell <= 0)
        return;
    const QPointF inside = event.position() - m_layout.cells.topLeft();
    const double steps = event.angleDelta().y() / double(QWheelEvent::DefaultDeltasPerStep);
    m_view.zoom(std::pow(ZoomOfAWheelStep, steps), m_view.column() + inside.x() / cell,
        m_view.row() + inside.y() / cell);
    showView();
    showCell(cellAt(event.position()));
}

void AffinityPlot::keyPressEvent(QKeyEvent* event)
{
    const int last = m_picture->tokens() - 1;
    if (const auto by = cellWalkOf(*event, m_picture->tokens(), RowEnds::HomeEnd)) {
        if (last >= 0)
            walkTo(m_marks.cell ? QPoint(std::clamp(m_marks.cell->x() + by->columns, 0, last),
                       std::clamp(m_marks.cell->y() + by->rows, 0, last))
                                : QPoint(0, std::min(m_marks.pinnedRow.value_or(0), last)));
        return;
    }
    switch (event->key()) {
    case Qt::Key_0:
        return showAll();
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_L:
        if (m_marks.cell)
            emit rowPinned(m_marks.cell->y());
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void AffinityPlot::walkTo(const QPoint& cell)
{
    m_view.reveal(cell.x(), cell.y());
    showView();
    showCell(cell);
}

bool AffinityPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Leave)
        showCell(std::nullopt);
    if (event->type() == QEvent::Resize)
        arrange();
    return QWidget::eventFilter(watched, event);
}

void AffinityPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        arrange();
    QWidget::changeEvent(event);
}

void AffinityPlot::focusOutEvent(QFocusEvent* event)
{
    showCell(std::nullopt);
    QWidget::focusOutEvent(event);
}

} // namespace timestep

#include "moc_affinity_plot.cpp"
