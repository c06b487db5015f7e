// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_map.h"

#include "ui/views/theme.h"

#include <QElapsedTimer>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace timestep {

namespace {

constexpr int SmallestSide = 72;
constexpr int Side = 150;
constexpr int Margin = 3; // holds the outlines
constexpr qint64 WorkMs = 4; // at a time; leaves most of a frame to everybody else

} // namespace

InfluenceMap::InfluenceMap(const ModelInfluence& influence, Colors colors, QWidget* parent)
    : QWidget(parent)
    , m_influence(influence)
    , m_colors(colors)
{
    setMouseTracking(true);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &InfluenceMap::drawStale);
}

QSize InfluenceMap::sizeHint() const { return { Side + 2 * Margin, Side + 2 * Margin }; }

QSize InfluenceMap::minimumSizeHint() const
{
    return { SmallestSide + 2 * Margin, SmallestSide + 2 * Margin };
}

QRect InfluenceMap::square() const
{
    const int side = std::max(1, std::min({ width(), height(), Side + 2 * Margin }) - 2 * Margin);
    return { Margin, Margin, side, side };
}

InfluenceGrid InfluenceMap::grid(double pixelRatio) const
{
    return { static_cast<int>(m_influence.rows.size()),
        static_cast<int>(square().width() * pixelRatio) };
}

QRect InfluenceMap::rowRect(int row) const
{
    const IndexRange pixels = grid(1).pixelsOf(row);
    const QRect cells = square();
    return { cells.left(), cells.top() + pixels.begin, cells.width(), pixels.count() };
}

QRect InfluenceMap::cellRect(QPoint cell) const
{
    const IndexRange pixels = grid(1).pixelsOf(cell.x());
    const QRect row = rowRect(cell.y());
    return { row.left() + pixels.begin, row.top(), pixels.count(), row.height() };
}

void InfluenceMap::restart(double fullColor)
{
    m_fullColor = fullColor;
    m_hoveredCell.reset();
    redrawAll();
}

void InfluenceMap::redrawAll()
{
    const int pixels = grid(devicePixelRatioF()).pixels;
    m_image = QImage(pixels, pixels, QImage::Format_ARGB32_Premultiplied);
    m_image.fill(Qt::transparent);
    m_image.setDevicePixelRatio(devicePixelRatioF());
    m_stale.assign(static_cast<std::size_t>(pixels), false);
    m_drawn.assign(m_influence.rows.size(), false);
    advance(m_fullColor);
    update();
}

void InfluenceMap::advance(double fullColor)
{
    if (std::exchange(m_fullColor, fullColor) != fullColor)
        m_drawn.assign(m_influence.rows.size(), false);
    const InfluenceGrid cells = grid(devicePixelRatioF());
    for (std::size_t row = 0; row < m_drawn.size(); ++row) {
        if (m_drawn[row] || !m_influence.rows[row].known())
            continue;
        m_drawn[row] = true;
        const IndexRange lines = cells.pixelsOf(static_cast<int>(row));
        std::fill(m_stale.begin() + lines.begin, m_stale.begin() + lines.end, true);
    }
    drawStale();
}

/// From the bottom, where the first rows arrive.
void InfluenceMap::drawStale()
{
    QElapsedTimer clock;
    clock.start();
    const InfluenceGrid cells = grid(devicePixelRatioF());
    const ColorScale& colors = m_colors(Theme::of(palette()).dark);
    for (int line = cells.pixels - 1; line >= 0; --line) {
        if (!m_stale[static_cast<std::size_t>(line)])
            continue;
        if (!m_atOnce && clock.elapsed() >= WorkMs) {
            m_timer.start(0);
            return;
        }
        drawInfluenceLine(m_influence, cells, line, m_fullColor, colors,
            { reinterpret_cast<QRgb*>(m_image.scanLine(line)),
                static_cast<std::size_t>(cells.pixels) });
        m_stale[static_cast<std::size_t>(line)] = false;
        update();
    }
}

bool InfluenceMap::complete() const { return !m_timer.isActive(); }

void InfluenceMap::setPinnedRow(std::optional<int> row)
{
    if (std::exchange(m_pinnedRow, row) != row)
        update();
}

void InfluenceMap::setHoveredRow(std::optional<int> row)
{
    if (std::exchange(m_hoveredRow, row) != row)
        update();
}

void InfluenceMap::setHoveredCell(std::optional<QPoint> cell)
{
    if (std::exchange(m_hoveredCell, cell) != cell)
        update();
}

void InfluenceMap::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    const QRect cells = square();
    QPainter painter(this);
    painter.drawImage(cells, m_image);
    painter.setPen(theme.border);
    painter.drawRect(cells.adjusted(-1, -1, 0, 0));
    paintMarks(painter);
}

void InfluenceMap::paintMarks(QPainter& painter) const
{
    const Theme& theme = Theme::of(palette());
    const int tokens = static_cast<int>(m_influence.rows.size());
    const auto outline = [&painter](const QRect& around, const QColor& color, int width) {
        painter.setPen(QPen(color, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.drawRect(around.adjusted(-1, -1, width - 1, width - 1)); // covers no cell of it
    };
    if (m_hoveredRow && *m_hoveredRow < tokens)
        outline(rowRect(*m_hoveredRow), theme.bracket, 1);
    if (m_pinnedRow && *m_pinnedRow < tokens)
        outline(rowRect(*m_pinnedRow), theme.pin, 2);
    if (m_hoveredCell)
        outline(cellRect(*m_hoveredCell), theme.text, 1);
}

std::optional<QPoint> InfluenceMap::cellAt(QPointF position) const
{
    const QPoint inside = position.toPoint() - square().topLeft();
    const InfluenceGrid cells = grid(1);
    if (cells.tokens == 0 || std::min(inside.x(), inside.y()) < 0
        || std::max(inside.x(), inside.y()) >= cells.pixels)
        return std::nullopt;
    const IndexRange rows = cells.cellsUnder(inside.y());
    const IndexRange columns = cells.cellsUnder(inside.x());
    // The cell whose share is what a pixel of several cells shows.
    QPoint found(columns.begin, rows.begin);
    float largest = -1;
    for (int row = rows.begin; row < rows.end; ++row) {
        const std::vector<float>& shares = m_influence.rows[static_cast<std::size_t>(row)].shares;
        const int end = std::min(columns.end, static_cast<int>(shares.size()));
        for (int column = columns.begin; column < end; ++column) {
            if (shares[static_cast<std::size_t>(column)] > largest) {
                largest = shares[static_cast<std::size_t>(column)];
                found = { column, row };
            }
        }
    }
    return found;
}

void InfluenceMap::mouseMoveEvent(QMouseEvent* event)
{
    emit cellHovered(cellAt(event->position()));
}

void InfluenceMap::mousePressEvent(QMouseEvent* event)
{
    if (const auto cell = cellAt(event->position()); cell && event->button() == Qt::LeftButton)
        emit rowPinned(cell->y());
}

void InfluenceMap::leaveEvent(QEvent*) { emit cellHovered(std::nullopt); }

void InfluenceMap::resizeEvent(QResizeEvent* event)
{
    redrawAll();
    QWidget::resizeEvent(event);
}

void InfluenceMap::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        redrawAll();
    QWidget::changeEvent(event);
}

} // namespace timestep

#include "moc_influence_map.cpp"
