// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_times.h"
#include "ui/views/theme.h"

#include <QHash>
#include <QPixmap>
#include <QSize>

class QPainter;

namespace timestep {

/// Pictures of cells that look alike, drawn once: thousands of them are on screen at a time.
class StepsCellPixmaps
{
public:
    /// Forgets everything where the look has changed.
    void setLook(const Theme& theme, double devicePixelRatio);

    /// A cell, or a part of one, in a state. `Running` is the part of it still to be done.
    const QPixmap& cell(int model, const QSize& size, OperationState state);
    /// From a cell to its right neighbour, or back; open where the cell it comes from is not done.
    const QPixmap& arrow(int model, const QSize& size, bool open, bool back);
    /// A worker's number on its disc, with a rim in the model's colour.
    const QPixmap& worker(int model, int number, int diameter);

private:
    QPixmap blank(const QSize& size, const QColor& background) const;
    QPixmap drawnCell(int model, const QSize& size, OperationState state) const;
    void drawSmallCell(QPainter& painter, const QSize& size, OperationState state,
        const Theme::ModelColors& colors, const QColor& fill) const;
    QPixmap drawnArrow(int model, const QSize& size, bool open, bool back) const;
    QPixmap drawnWorker(int model, int number, int diameter) const;

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
