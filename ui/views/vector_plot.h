// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace timestep {

/// A plot that is as sharp in a file of lines and letters as on paper. To be included in
/// .cpp files only, as its header is large.
class VectorPlot final : public QCustomPlot
{
    Q_OBJECT
public:
    using QCustomPlot::QCustomPlot;

signals:
    /// Its axes know the new size: what is placed by pixels can be placed anew.
    void resized();

protected:
    void resizeEvent(QResizeEvent* event) override;
    /// On the screen QCustomPlot paints what it has kept as pixels.
    void paintEvent(QPaintEvent* event) override;
};

} // namespace timestep
