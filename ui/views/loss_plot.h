// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/loss_curves.h"

#include <QWidget>

class QCustomPlot;

namespace timestep {

/// The losses of both models while they are trained: each batch pale, the mean of the last steps
/// strong. A dashed line, which can be dragged, marks the loss whose time is told.
class LossPlot : public QWidget
{
    Q_OBJECT
public:
    explicit LossPlot(QWidget* parent = nullptr);

    void setCurves(std::vector<LossCurve> curves);
    void setAxis(LossAxis axis);
    void setLogarithmic(bool logarithmic);
    void setThreshold(double loss);
    /// What is said where there are no curves.
    void setEmptyText(const QString& text);

    const std::vector<LossCurve>& curves() const { return m_curves; }
    double threshold() const { return m_threshold; }
    QPointF positionOf(double x, double loss) const; // in pixels of the widget

signals:
    void thresholdDragged(double loss);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void applyTheme();
    void draw();
    bool empty() const;
    void setRanges();
    void drawCurve(const LossCurve& curve);
    void drawNames();
    void drawThreshold();
    void drawText(const QString& text, QPointF place, Qt::Alignment alignment, const QColor& color);
    bool isAtThreshold(QPointF position) const;

    QCustomPlot* m_plot;
    std::vector<LossCurve> m_curves;
    LossAxis m_axis = LossAxis::Steps;
    bool m_logarithmic = true;
    double m_threshold = 1;
    bool m_drags = false;
    QString m_emptyText;
};

} // namespace timestep
