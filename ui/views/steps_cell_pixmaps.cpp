// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_cell_pixmaps.h"

#include "ui/views/steps_figures.h"

#include <QFont>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPen>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

// Pixels, below which an outline would fill the cell, and dashes would not be seen as such.
constexpr int lowestOutlined = 7;
constexpr int narrowestOutlined = 5;
constexpr int narrowestDashed = 16;
constexpr int smallestDisc = 11; // pixels: a smaller number would not be legible

enum class Picture : quint64
{
    Cell,
    Arrow,
    Worker
};

quint64 keyOf(Picture picture, int model, const QSize& size, int variant)
{
    return quint64(picture) << 60 | quint64(model) << 56 | quint64(variant) << 40
        | quint64(size.width()) << 20 | quint64(size.height());
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto channel = [share](int x, int y) { return int(std::lround(x + (y - x) * share)); };
    return { channel(a.red(), b.red()), channel(a.green(), b.green()),
        channel(a.blue(), b.blue()) };
}

QPen outlinePen(const QColor& color, OperationState state)
{
    QPen pen(color, 1);
    pen.setCapStyle(Qt::FlatCap);
    if (state == OperationState::Waiting)
        pen.setDashPattern({ 4, 2.5 });
    else if (state == OperationState::NoFreeWorker)
        pen.setDashPattern({ 1.2, 2.2 });
    return pen;
}

} // namespace

bool takesPixmaps(const QPainter& painter)
{
    return painter.paintEngine()->type() == QPaintEngine::Raster;
}

const Theme::ModelColors& modelColors(const Theme& theme, int model)
{
    return model == 0 ? theme.lstm : theme.attention;
}

QColor unfinishedColor(const Theme& theme, int model)
{
    const Theme::ModelColors& colors = modelColors(theme, model);
    return mixed(colors.done, colors.running, 0.5);
}

double cellRadius(const QSize& size)
{
    return std::min({ 5.0, size.height() / 4.0, size.width() / 4.0 });
}

int workerDiscDiameter(const QSize& cell)
{
    const int rim = cell.height() >= 18 ? 4 : 0;
    // Narrow enough to leave the progress of the cell in sight on both sides.
    const int wide = std::max(std::min(cell.width() - 2, 14), cell.width() * 3 / 5);
    const int diameter = std::min({ cell.height() - rim, wide, 26 });
    return diameter >= smallestDisc ? diameter : 0;
}

void StepsCellPixmaps::setLook(const Theme& theme, double devicePixelRatio)
{
    if (m_theme == &theme && m_devicePixelRatio == devicePixelRatio)
        return;
    m_theme = &theme;
    m_devicePixelRatio = devicePixelRatio;
    m_pixmaps.clear();
}

/// Draws at the corner of the rectangle: into a picture, the first time, or right there.
template <typename Draw>
void StepsCellPixmaps::paint(
    QPainter& painter, const QRect& rect, quint64 key, const QColor& background, const Draw& draw)
{
    if (!takesPixmaps(painter)) {
        painter.save();
        painter.translate(rect.topLeft());
        draw(painter);
        painter.restore();
        return;
    }
    QPixmap& pixmap = m_pixmaps[key];
    if (pixmap.isNull()) {
        pixmap = QPixmap((QSizeF(rect.size()) * m_devicePixelRatio).toSize().expandedTo({ 1, 1 }));
        pixmap.setDevicePixelRatio(m_devicePixelRatio);
        pixmap.fill(background);
        QPainter into(&pixmap);
        draw(into);
    }
    painter.drawPixmap(rect.topLeft(), pixmap);
}

void StepsCellPixmaps::paintCell(
    QPainter& painter, const QRect& rect, int model, OperationState state)
{
    paint(painter, rect, keyOf(Picture::Cell, model, rect.size(), int(state)), m_theme->window,
        [&](QPainter& into) { drawCell(into, rect.size(), model, state); });
}

void StepsCellPixmaps::paintArrow(
    QPainter& painter, const QRect& rect, int model, bool open, bool back)
{
    const int variant = (open ? 1 : 0) | (back ? 2 : 0);
    paint(painter, rect, keyOf(Picture::Arrow, model, rect.size(), variant), m_theme->window,
        [&](QPainter& into) { drawArrow(into, rect.size(), model, open, back); });
}

void StepsCellPixmaps::paintWorker(
    QPainter& painter, const QPoint& corner, int diameter, int model, int number)
{
    const QRect rect(corner, QSize(diameter, diameter));
    paint(painter, rect, keyOf(Picture::Worker, model, rect.size(), number), Qt::transparent,
        [&](QPainter& into) { drawWorker(into, diameter, model, number); });
}

/// Too small for an outline: done is a fill, and what has not begun a line, dashed or dotted as
/// ever; where even its dashes have no room, what could begin has a faint fill and what waits a
/// faint frame.
void StepsCellPixmaps::drawSmallCell(QPainter& painter, const QSize& size, OperationState state,
    const Theme::ModelColors& colors, const QColor& fill) const
{
    const QRect rect(QPoint(), size);
    if (state == OperationState::Done || state == OperationState::Running) {
        painter.fillRect(
            rect, state == OperationState::Done ? mixed(fill, colors.outline, 0.2) : fill);
        return;
    }
    if (size.width() >= narrowestDashed) {
        painter.setPen(outlinePen(mixed(m_theme->window, colors.outline, 0.8), state));
        const double middle = size.height() / 2 + 0.5;
        painter.drawLine(QPointF(0, middle), QPointF(size.width(), middle));
        return;
    }
    painter.fillRect(rect, mixed(m_theme->window, colors.done, m_theme->dark ? 0.55 : 0.45));
    if (state == OperationState::Waiting && size.width() > 2 && size.height() > 2)
        painter.fillRect(rect.adjusted(1, 1, -1, -1), m_theme->window);
}

void StepsCellPixmaps::drawCell(
    QPainter& painter, const QSize& size, int model, OperationState state) const
{
    const Theme::ModelColors& colors = modelColors(*m_theme, model);
    const bool filled = state == OperationState::Done || state == OperationState::Running;
    const QColor fill = !filled         ? m_theme->window
        : state == OperationState::Done ? colors.done
                                        : unfinishedColor(*m_theme, model);
    if (size.height() < lowestOutlined || size.width() < narrowestOutlined) {
        drawSmallCell(painter, size, state, colors, fill);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(outlinePen(colors.outline, state));
    painter.setBrush(fill);
    const double radius = cellRadius(size);
    painter.drawRoundedRect(
        QRectF(QPointF(), QSizeF(size)).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

void StepsCellPixmaps::drawArrow(
    QPainter& painter, const QSize& size, int model, bool open, bool back) const
{
    const Theme::ModelColors& colors = modelColors(*m_theme, model);
    const QColor color = open ? mixed(m_theme->window, colors.outline, 0.6) : colors.outline;
    painter.setRenderHint(QPainter::Antialiasing);
    if (back) {
        painter.translate(size.width(), 0);
        painter.scale(-1, 1);
    }
    const double middle = size.height() / 2.0;
    const double head = std::min({ middle, size.width() * 0.45, 5.0 });
    const double tip = size.width() - 0.5;
    QPen pen(color, open ? 1.0 : 1.8);
    pen.setCapStyle(Qt::FlatCap);
    if (open)
        pen.setDashPattern({ 2, 2 });
    painter.setPen(pen);
    painter.drawLine(QPointF(0.5, middle), QPointF(tip - head, middle));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF { { QPointF(tip, middle),
        QPointF(tip - head, middle - head * 0.75), QPointF(tip - head, middle + head * 0.75) } });
}

void StepsCellPixmaps::drawWorker(QPainter& painter, int diameter, int model, int number) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(modelColors(*m_theme, model).running, 1.25));
    painter.setBrush(m_theme->window);
    painter.drawEllipse(QRectF(0, 0, diameter, diameter).adjusted(0.75, 0.75, -0.75, -0.75));
    const QString text = QString::number(number);
    QFont font;
    font.setBold(text.size() < 3);
    const double size = text.size() < 2 ? 0.68 : text.size() < 3 ? 0.6 : 0.5;
    font.setPixelSize(std::max(8, int(std::lround(diameter * size))));
    painter.setFont(font);
    painter.setPen(m_theme->text);
    painter.drawText(QRectF(-4, 0, diameter + 8, diameter), Qt::AlignCenter, text);
}

} // namespace timestep
