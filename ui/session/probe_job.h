// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/session/probe_result.h"
#include "ui/session/probe_runner.h"
#include "ui/session/reading_pause.h"

#include <QObject>
#include <QString>

#include <memory>

namespace timestep {

class Session;

/// What becomes of a session's predictions where something is changed: a token, a gate, a link, or
/// when the question is asked. Tried with real runs on a thread of its own, while somebody shows it
/// and after a short pause in typing; a newer text or request stops what runs. Each part of a
/// request is found and handed over by itself. A part stays as it was until the answer to a newer
/// request is there (it says which it answers), and goes with the text it was found on.
class ProbeJob : public QObject
{
    Q_OBJECT
public:
    explicit ProbeJob(Session& session, QObject* parent = nullptr);
    ~ProbeJob() override;

    const ProbeRequest& request() const { return m_request; }
    /// Never null, never changed once handed out.
    const std::shared_ptr<const ProbeResult>& result() const { return m_result; }
    /// All that can be tried on this text is there.
    bool complete() const;
    /// Something is being tried, or will be after the pause.
    bool computing() const;
    const QString& refusal() const { return m_refusal; } // one line; empty: nothing was refused

public slots:
    void setRequest(const timestep::ProbeRequest& request);
    void setShown(bool shown); // by whoever shows it

signals:
    void changed(); // result(), computing() or refusal()

protected:
    void customEvent(QEvent* event) override;

private:
    void takeRun();
    void restart();
    void startIfDue();
    void start();
    void take(const ProbePart& part);
    ProbeRequest missing() const;

    Session& m_session;
    ProbeRequest m_request; // as asked for
    ProbeRequest m_fitting; // what of it fits the text
    ProbedReading m_reading;
    std::shared_ptr<const ProbeResult> m_result;
    QString m_refusal;
    bool m_shown = false;
    bool m_ended = false; // all that is missing was refused
    ReadingPause m_pause;
    std::shared_ptr<ProbeRunner> m_runner; // used by the lane only
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
