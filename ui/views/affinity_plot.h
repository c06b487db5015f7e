// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_layout.h"
#include "ui/views/affinity_painter.h"
#include "ui/views/affinity_picture.h"
#include "ui/views/affinity_viewport.h"
#include "ui/views/live_affinity_image.h"

#include <QWidget>

class QCustomPlot;

namespace timestep {

/// The heatmap of one head: zooms about the pointer with the wheel, moves with a drag, shows the
/// value under the pointer or the arrow keys, and pins the row that is clicked.
class AffinityPlot : public QWidget
{
    Q_OBJECT
public:
    explicit AffinityPlot(QWidget* parent = nullptr);

    void setPicture(AffinityPicturePointer picture);
    void setPinnedRow(std::optional<int> row);
    void setHoveredRow(std::optional<int> row); // from another picture

    const AffinityViewport& viewport() const { return m_view; }
    const AffinityLayout& geometryOfParts() const { return m_layout; }
    std::optional<QPoint> cell() const { return m_marks.cell; } // x: column, y: row
    /// Exact at once, where it would otherwise be so a little later.
    void setForPicture(bool forPicture) { m_image.setAtOnce(forPicture); }
    bool complete() const; // what is drawn is no coarser than it will be
    QSize sizeHint() const override { return { 620, 620 }; }
    QSize minimumSizeHint() const override { return { 296, 280 }; }

public slots:
    void showAll();
    void clearCell(); // and its tooltip, until something is pointed at again

signals:
    void rowHovered(std::optional<int> row);
    void rowPinned(int row);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void arrange();
    void showView(); // after the view or the picture has changed
    void showCell(std::optional<QPoint> cell);
    void walkTo(const QPoint& cell);
    QString cellDescription(QPoint cell) const;
    std::optional<QPoint> cellAt(QPointF position) const;
    AffinityPainter painterOfParts() const;
    AffinityPart partInView() const;

    void press(const QMouseEvent& event);
    void move(const QMouseEvent& event);
    void showBar(const QMouseEvent& event);
    void release(const QMouseEvent& event);
    void wheel(const QWheelEvent& event);

    QCustomPlot* m_plot; // owned as a child
    AffinityPicturePointer m_picture;
    AffinityViewport m_view;
    AffinityLayout m_layout;
    AffinityMarks m_marks;
    LiveAffinityImage m_image; // of the part in view
    std::optional<QPointF> m_pressed;
    bool m_dragged = false;
};

} // namespace timestep
