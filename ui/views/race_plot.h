// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"

#include <QWidget>

class QCustomPlot;
class QLabel;

namespace timestep {

struct Theme;

/// One plot of the race: both axes logarithmic, measured medians as dots in a band of their middle
/// half, plans dashed, each line with its name beside it.
class RacePlot : public QWidget
{
    Q_OBJECT
public:
    RacePlot(const QString& title, const QString& subtitle, const QString& xLabel,
        const QString& yLabel, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// Ticks in ascending order; they are the ends of the axes, too.
    void setXTicks(const std::vector<double>& ticks);
    void setYTicks(const std::vector<double>& ticks);
    /// Painted at once.
    void setCurves(std::vector<RaceCurve> curves);

    const std::vector<RaceCurve>& curves() const { return m_curves; }
    QPointF positionOf(const RaceDot& dot) const; // in pixels of the widget
    QSize minimumSizeHint() const override { return { 260, 170 }; }

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void applyTheme();
    void draw();
    void drawBand(const RaceCurve& curve);
    void drawLine(const RaceCurve& curve);
    void drawLabels();
    const RaceDot* dotNear(QPointF position) const;

    QLabel* m_title;
    QLabel* m_subtitle;
    QCustomPlot* m_plot;
    std::vector<RaceCurve> m_curves;
};

} // namespace timestep
