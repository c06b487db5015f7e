// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/vector_plot.h"

namespace timestep {

void VectorPlot::resizeEvent(QResizeEvent* event)
{
    QCustomPlot::resizeEvent(event);
    emit resized();
}

/// Vectors that Qt writes know no clip, and a plot draws beyond its axes.
void VectorPlot::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(this);
        if (painter.paintEngine()->type() == QPaintEngine::SVG) {
            constexpr double pixelsPerPoint = 3;
            painter.drawPixmap(rect(), toPixmap(width(), height(), pixelsPerPoint));
            return;
        }
    }
    QCustomPlot::paintEvent(event);
}

} // namespace timestep

#include "moc_vector_plot.cpp"
