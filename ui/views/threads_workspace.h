// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/playback_clock.h"
#include "ui/session/selection.h"
#include "ui/session/trace_job.h"
#include "ui/views/trace_scene.h"
#include "ui/views/workspace.h"

#include <optional>

class QCheckBox;
class QComboBox;
class QPushButton;

namespace timestep {

class ElidedLabel;
class FlowLayout;
class Session;
class TraceView;
class TransportBar;

/// What really ran: both models on the threads there are, with all rows and with one, on one axis
/// of time.
class ThreadsWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit ThreadsWorkspace(Session& session, QWidget* parent = nullptr);
    ~ThreadsWorkspace() override;

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    PlaybackClock* clock() override { return &m_clock; } // in ms of the newest run
    Workers workers() const override { return Workers::Threads; }
    QWidget* bottomBar() override;
    void toggleCriticalPath() override;
    void toggleDependencies() override;
    bool pinPointed() override;
    std::vector<DataFormat> dataFormats() const override;
    void setForPicture(bool forPicture) override;
    QString choicesText() const override;
    void startForPicture() override;
    bool complete() const override;

    TraceJob& job() { return m_job; }
    TraceView& view() { return *m_view; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildControls(FlowLayout& row);
    void takeJob();
    void listRuns();
    void showRuns();
    void showNote();
    void fitHint();
    void takeClock();
    void takeSelection();
    void takePointed();
    TracedRunPointer keptRun() const; // that is compared with; null: none
    std::optional<PinnedWork> workOf(const ShownSpan& span) const; // of the text there is now
    void writeSentence();

    Session& m_session;
    TraceJob m_job;
    PlaybackClock m_clock;
    TracedRunPointer m_newest, m_kept; // as shown
    QString m_sentence;
    bool m_onPaper = false;
    bool m_forPicture = false;
    QPushButton* m_again;
    QComboBox* m_compared;
    QCheckBox* m_singleSteps;
    QCheckBox* m_path;
    QCheckBox* m_arrows;
    QPushButton* m_showAll;
    ElidedLabel* m_note;
    ElidedLabel* m_hint;
    TraceView* m_view;
    TransportBar* m_transport;
};

} // namespace timestep
