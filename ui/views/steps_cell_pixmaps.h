// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_times.h"
#include "ui/views/theme.h"

#include <QHash>
#include <QPixmap>
#include <QRect>
#include <QSize>

class QPainter;

namespace timestep {

/// Whether pictures of cells may be painted: on a screen or into an image. A document is painted
/// shapes: it knows no tiles and no scale of a picture.
bool takesPixmaps(const QPainter& painter);

/// Cells and what belongs to them. What looks alike is drawn once on a screen, where thousands are
/// shown at a time; a document gets each of them as shapes.
class StepsCellPixmaps
{
public:
    /// Forgets everything where the look has changed.
    void setLook(const Theme& theme, double devicePixelRatio);

    /// A cell, or a part of one, in a state. `Running` is the part of it still to be done.
    void paintCell(QPainter& painter, const QRect& rect, int model, OperationState state);
    /// From a cell to its right neighbour, or back; open where the cell it comes from is not done.
    void paintArrow(QPainter& painter, const QRect& rect, int model, bool open, bool back);
    /// A worker's number on its disc, with a rim in the model's colour.
    void paintWorker(QPainter& painter, const QPoint& corner, int diameter, int model, int number);

private:
    template <typename Draw>
    void paint(QPainter& painter, const QRect& rect, quint64 key, const QColor& background,
        const Draw& draw);
    void drawCell(QPainter& painter, const QSize& size, int model, OperationState state) const;
    void drawSmallCell(QPainter& painter, const QSize& size, OperationState state,
        const Theme::ModelColors& colors, const QColor& fill) const;
    void drawArrow(QPainter& painter, const QSize& size, int model, bool open, bool back) const;
    void drawWorker(QPainter& painter, int diameter, int model, int number) const;

    const Theme* m_theme = &Theme::light();
    double m_devicePixelRatio = 1;
    QHash<quint64, QPixmap> m_pixmaps;
};

const Theme::ModelColors& modelColors(const Theme& theme, int model);
/// What of a running cell is still to be done: between done and running.
QColor unfinishedColor(const Theme& theme, int model);
/// Radius of a cell's corners.
double cellRadius(const QSize& size);
/// Of the disc in a running cell; 0: the cell is too small for a number.
int workerDiscDiameter(const QSize& cell);

} // namespace timestep
