// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/model_influence.h"
#include "ui/views/influence_image.h"

#include <QImage>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

namespace timestep {

/// The influence in one model as a small heatmap; rows appear as they are computed. Lines of pixels
/// are made between events, so that a long text blocks nothing.
class InfluenceMap : public QWidget
{
    Q_OBJECT
public:
    using Colors = const ColorScale& (*)(bool dark);

    /// `influence` must outlive this.
    InfluenceMap(const ModelInfluence& influence, Colors colors, QWidget* parent = nullptr);

    void restart(double fullColor); // rows may be others
    void advance(double fullColor); // more rows are there
    /// Draws all that is known whenever its size changes, however long that takes.
    void setDrawsAtOnce(bool atOnce) { m_atOnce = atOnce; }
    void setPinnedRow(std::optional<int> row);
    void setHoveredCell(std::optional<QPoint> cell); // x: the token read, y: the row
    void setHoveredRow(std::optional<int> row); // from another picture

    bool complete() const; // every row that is there is drawn
    QRect square() const; // of the cells, in pixels
    QRect cellRect(QPoint cell) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void cellHovered(std::optional<QPoint> cell);
    void rowPinned(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void redrawAll();
    void drawStale();
    void paintMarks(QPainter& painter) const;
    InfluenceGrid grid(double pixelRatio) const;
    QRect rowRect(int row) const;
    std::optional<QPoint> cellAt(QPointF position) const;

    const ModelInfluence& m_influence;
    const Colors m_colors;
    QImage m_image;
    bool m_atOnce = false;
    double m_fullColor = 1;
    std::vector<bool> m_drawn; // (T): rows whose lines are made, or stale
    std::vector<bool> m_stale; // lines of pixels to make
    QTimer m_timer;
    std::optional<int> m_pinnedRow, m_hoveredRow;
    std::optional<QPoint> m_hoveredCell;
};

} // namespace timestep
