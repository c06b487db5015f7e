// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/trace_layout.h"
#include "ui/views/trace_scene.h"

#include <QStringList>
#include <QWidget>

#include <optional>
#include <vector>

namespace timestep {

struct CellWalk;

/// Traces on lanes on one axis of time. Hovering tells what was, a click or Enter pins a span with
/// arrows to what it needed and unblocked, dragging tells the totals of a range, the wheel zooms,
/// the middle button or Shift moves; arrow keys walk from span to span.
class TraceView : public QWidget
{
    Q_OBJECT
public:
    explicit TraceView(QWidget* parent = nullptr);

    /// Other groups: shows all of them, and forgets pin, cursor and range.
    void setGroups(std::vector<ShownGroup> groups);
    void setEmptyText(const QString& text); // where there are no groups
    void setClock(std::optional<double> ms);
    /// Spans that read the token pinned elsewhere, outlined while none is pinned here.
    void setReading(std::vector<ShownSpan> spans);
    void setShowsPath(bool shows);
    void setShowsArrows(bool shows);

    const TraceScene& scene() const { return m_scene; }
    const TraceLayout& layoutNow() const { return m_layout; }
    QString rangeText() const; // of the range that is marked; empty: none
    QStringList tipLines() const; // of what the mouse is over or the cursor on; empty: nothing
    /// The span that the mouse is over, or the cursor on.
    std::optional<ShownSpan> pointedSpan() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void zoomTo(double beginMs, double endMs); // clamped to the axis
    void showAll();
    void pinPointed();
    void unpin();
    void clearPointing(); // pin, cursor, tip and range

signals:
    void spanPinned(timestep::ShownSpan span);
    void pointedChanged(); // pointedSpan() is another
    void viewChanged(); // what of the axis is in view

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Drag
    {
        None,
        Pressed, // a click as long as it does not move
        Range,
        Move
    };

    void measureNames();
    void layOut();
    double msPerPixel() const { return 1 / m_layout.axis().pixelsPerMs; }
    void zoomAbout(double pixel, double factor);
    void moveBy(double ms);
    void dragRange(double pixel);
    std::optional<ShownSpan> spanAt(QPointF place) const;
    void hover(std::optional<QPointF> place);
    void pin(const ShownSpan& span);
    void walk(const CellWalk& by);
    void walkTo(const ShownSpan& span);
    void describe();
    QRectF tipAnchor() const; // where there is a tip
    QRect tipRect() const; // empty: there is none
    QRectF walkedPlace() const; // of a span that the cursor is on, its middle

    TraceScene m_scene;
    TraceMetrics m_metrics;
    TraceLayout m_layout;
    std::optional<QPointF> m_hovered;
    std::optional<ShownSpan> m_hoveredSpan;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    double m_pressedMs = 0; // range: where it began; move: the moment that is held
};

} // namespace timestep
