// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/sweep_point_model.h"
#include "ui/session/sweep_runner.h"
#include "ui/views/race_report.h"
#include "ui/views/workspace.h"

#include <map>
#include <utility>
#include <vector>

class QLabel;
class QStackedWidget;

namespace timestep {

class RaceBar;
class RaceControls;
class RacePlots;
class RaceVerdictPanel;
class Session;
class SweepTable;

/// Both models timed on this machine: against length and against workers, rows or sub-batches, and
/// what they keep in memory.
class RaceWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit RaceWorkspace(Session& session, QWidget* parent = nullptr);

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    QString briefSentence() const override;
    Workers workers() const override { return Workers::Threads; }
    QWidget* bottomBar() override;
    std::vector<DataFormat> dataFormats() const override;
    std::vector<DataFormat> reportFormats() const override;
    bool clearOwn() override;
    std::vector<PictureChoice> pictureChoices() override;
    void setForPicture(bool forPicture) override;
    QString choicesText() const override;
    void startForPicture() override;
    bool complete() const override;

    RaceControls& controls() { return *m_controls; }
    SweepRunner& runner() { return m_runner; }
    /// All that has been measured, what is shown first.
    std::vector<RaceMeasurement> measurements() const;
    RaceReport report() const; // of all of it
    /// Each stands, pale, beside what is measured of the same question and pass.
    void compareWith(const std::vector<RaceMeasurement>& baselines);

public slots:
    void toggle(); // start or stop
    void openReport(); // in a window of its own

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    using Key = std::pair<RaceQuestion, SweepCell::Pass>;

    Key asked() const;
    RaceRequest wanted() const;
    QString obstacle() const;
    void showAnother(); // other choices
    void replan(); // what is wanted has changed
    void showPoints();
    void showVerdict();
    void showPage();
    void showSentence();
    void showRunning();
    void showNote();
    QString noteText() const; // beside the progress
    QString captionText() const;
    void keepBaseline(bool keep);
    RaceReportPart described(RaceMeasurement measurement) const;
    const RaceMeasurement* baseline() const { return baselineOf(asked()); } // of what is shown
    const RaceMeasurement* baselineOf(Key key) const; // null: none

    Session& m_session;
    SweepRunner m_runner;
    SweepPointModel m_table;
    QString m_sentence;
    std::map<Key, RaceMeasurement> m_kept; // what has been measured, while another is shown
    std::map<Key, RaceMeasurement> m_baselines;
    RaceControls* m_controls;
    QStackedWidget* m_pages; // as RaceControls::Page
    RacePlots* m_plots;
    SweepTable* m_tableView;
    RaceVerdictPanel* m_verdictLines; // above the plots, where there is room
    RaceVerdictPanel* m_verdict;
    QLabel* m_caption;
    RaceBar* m_bar;
};

} // namespace timestep
