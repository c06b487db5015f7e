// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sweep_point_model.h"
#include "ui/session/sweep_runner.h"
#include "ui/views/workspace.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace timestep {

class FlowLayout;
class RaceBar;
class RacePlot;
class Session;

/// Both models timed on this machine: against length and against workers, for all rows and for one.
class RaceWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit RaceWorkspace(Session& session, QWidget* parent = nullptr);

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    Workers workers() const override { return Workers::Threads; }
    QWidget* bottomBar() override;
    void startForPicture() override;
    bool complete() const override;

    SweepRunner& runner() { return m_runner; }
    /// The points so far with the columns of `timestep bench`. False: it could not be written.
    bool saveCsv(const QString& file) const;

public slots:
    void toggle(); // start or stop

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildControls(FlowLayout& row);
    QWidget* buildPlots();
    RaceRequest wanted() const;
    QString obstacle() const;
    void replan(); // what is wanted has changed
    void showPoints();
    void showTitles();
    void showSentence();
    void showRunning();
    void showNote();
    QString noteText() const; // beside the progress
    void chooseCsv();

    Session& m_session;
    SweepRunner m_runner;
    SweepPointModel m_table;
    QString m_sentence;
    bool m_disturbed = false;
    QComboBox* m_pair;
    QComboBox* m_longest;
    QComboBox* m_repeats;
    QPushButton* m_tableButton;
    QPushButton* m_csv;
    QStackedWidget* m_pages; // plots, table
    RacePlot* m_timeOfRows;
    RacePlot* m_speedUpOfRows;
    RacePlot* m_timeOfOne;
    RacePlot* m_speedUpOfOne;
    QLabel* m_figures;
    RaceBar* m_bar;
};

} // namespace timestep
