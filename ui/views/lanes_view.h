// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lanes_layout.h"

#include <QWidget>

namespace timestep {

/// Runs on lanes. Hovering tells what a span was.
class LanesView : public QWidget
{
    Q_OBJECT
public:
    explicit LanesView(LaneLooks looks, QWidget* parent = nullptr);

    void setPicture(LanesPicture picture);
    const LanesPicture& picture() const { return m_picture; }
    LanesLayout layoutNow() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    LaneMetrics metrics() const;
    QString textAt(QPointF position) const;

    LaneLooks m_looks;
    LanesPicture m_picture;
    double m_axisEnd = 0; // ms
};

} // namespace timestep
