// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/token_bars.h"
#include "ui/views/token_view.h"

#include <QWidget>

#include <functional>
#include <optional>

namespace timestep {

/// A strip of bars below a picture of the same tokens, which says where the columns lie.
class TokenBarsView : public QWidget
{
    Q_OBJECT
public:
    /// `view` must outlive this.
    explicit TokenBarsView(TokenView& view, QWidget* parent = nullptr);

    void setBars(TokenBars bars);
    const TokenBars& bars() const { return m_bars; }
    void setTooltips(std::function<QString(int step)> tooltips);
    void setColumns(int left, int width); // px
    void setPinnedStep(std::optional<int> step);
    void setHoveredStep(std::optional<int> step);

    TokenColumns columns() const { return { m_view.axis(), m_left, m_width }; }
    TokenBarsLayout layoutNow() const;
    QSize sizeHint() const override { return { 400, 110 }; }
    QSize minimumSizeHint() const override { return { 200, 62 }; }

signals:
    void stepHovered(std::optional<int> step);
    void stepPinned(int step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void paintStep(QPainter& painter, int step, const QColor& color, int thickness) const;

    TokenView& m_view;
    TokenGestures m_gestures;
    TokenBars m_bars;
    std::function<QString(int)> m_tooltips;
    int m_left = 0;
    int m_width = 1;
    std::optional<int> m_pinned, m_hovered;
};

} // namespace timestep
