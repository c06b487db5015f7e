// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_plot_content.h"
#include "ui/views/race_walk.h"

#include <QPointer>
#include <QWidget>

#include <optional>

class QCustomPlot;
class QLabel;

namespace timestep {

class DotNote;

/// One plot of the race: measured medians as dots (rings, where other programs disturbed many of
/// the repeats) in a band of their middle half, plans dashed, each line with its name, crossovers
/// marked. Arrow keys walk from dot to dot, a click pins what a dot tells, Esc drops it.
class RacePlot : public QWidget
{
    Q_OBJECT
public:
    /// Where the names of the lines are: right of the plot, or at the lines' right ends within it.
    /// Those that find no room are above it.
    enum class Names
    {
        Beside,
        Within,
    };

    /// `meaning` of lines and dots stands beside the title, at every size.
    RacePlot(const QString& meaning, const QString& xLabel, const QString& yLabel, Names names,
        QWidget* parent = nullptr);
    ~RacePlot() override;

    // What they set is seen with the next setCurves(), or at once where it says so.
    void setTitle(const QString& title); // at once
    /// What hovering the title tells, and the description ends in.
    void setExplanation(const QString& text);
    void setLabels(const QString& x, const QString& y);
    /// What is said where there are no curves.
    void setEmptyText(const QString& text);
    /// Ticks in ascending order; the axis reaches from the first to the last, or from `least`, and
    /// takes in every dot. Labels that would touch are left out. None: chosen by the dots, as they
    /// are on a linear scale.
    void setXTicks(const std::vector<double>& ticks);
    void setYTicks(const std::vector<double>& ticks, double least = 0);
    void setYUnit(RaceUnit unit);
    void setOvertaking(RaceOvertaking overtaking);
    void setScale(RaceScale scale); // at once
    void setCurves(std::vector<RaceCurve> curves); // painted at once

    const std::vector<RaceCurve>& curves() const { return m_content.curves; }
    const std::vector<RaceMark>& marks() const { return m_content.marks; }
    QPointF positionOf(const RaceDot& dot) const; // in pixels of the widget
    /// Where what is drawn is, in pixels of the plot, which begins at plotOrigin().
    const RacePlotPlaces& places() const { return m_places; }
    QPoint plotOrigin() const; // in pixels of the widget

signals:
    /// Double click or Enter: this plot alone is wanted, large, or the others again.
    void aloneWanted();

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void moveEvent(QMoveEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void applyTheme();
    void showTitle();
    void draw();
    void showDot(); // the one walked to or pinned: its ring, its text
    const std::optional<RaceDotPlace>& shownDot() const;
    void describe();
    std::optional<RaceDotPlace> dotNear(QPointF position) const;
    QString hoverText(QPointF position) const; // of a dot, else of a crossover

    QString m_meaning;
    QString m_title;
    QString m_explanation;
    RaceOvertaking m_overtaking = RaceOvertaking::NotTold;
    RacePlotContent m_content;
    RacePlotPlaces m_places;
    QLabel* m_titleLine;
    QCustomPlot* m_plot;
    std::optional<RaceDotPlace> m_walked; // by keys, while the plot has the focus
    std::optional<RaceDotPlace> m_pinned; // by a click
    QPointer<DotNote> m_note; // belongs to the window, which may go first
};

} // namespace timestep
