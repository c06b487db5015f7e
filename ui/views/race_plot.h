// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_curves.h"

#include <QLineF>
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
    /// Where the names of the lines are: right of the plot, or at the lines' right ends within it.
    enum class Names
    {
        Beside,
        Within,
    };

    /// `meaning` of lines and dots stands beside the title, at every size.
    RacePlot(const QString& meaning, const QString& xLabel, const QString& yLabel, Names names,
        QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// What is said where there are no curves.
    void setEmptyText(const QString& text);
    /// Ticks in ascending order; the axis reaches from the first to the last, or from `least`.
    void setXTicks(const std::vector<double>& ticks);
    void setYTicks(const std::vector<double>& ticks, double least);
    /// Painted at once.
    void setCurves(std::vector<RaceCurve> curves);

    const std::vector<RaceCurve>& curves() const { return m_curves; }
    QPointF positionOf(const RaceDot& dot) const; // in pixels of the widget

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void applyTheme();
    void showTitle();
    void draw();
    void drawBand(const RaceCurve& curve);
    void drawLine(const RaceCurve& curve);
    void drawXLabel();
    std::vector<const RaceCurve*> namedCurves() const; // the highest first
    std::vector<QLineF> segments() const; // of all curves, in pixels of the plot
    void drawNamesBeside();
    void drawNamesWithin();
    void drawName(const RaceCurve& curve, QPointF position, Qt::Alignment alignment);
    void drawNothingYet();
    const RaceDot* dotNear(QPointF position) const;

    QString m_meaning;
    QString m_xLabel;
    QString m_emptyText;
    Names m_names;
    QString m_title;
    QLabel* m_titleLine;
    QCustomPlot* m_plot;
    std::vector<RaceCurve> m_curves;
};

} // namespace timestep
