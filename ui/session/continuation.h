// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/session/pair_writer.h"

#include <QObject>
#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace timestep {

class Session;

/// Lets a model of the session go on with its text, on a thread of its own. What it writes comes to
/// the text a few times a second, one edit in all; whatever else changes the text, the models or
/// the settings they run with stops it, and what it had not handed over yet is dropped.
class Continuation : public QObject
{
    Q_OBJECT
public:
    /// As many times are kept.
    static constexpr std::size_t mostTimes = 256;

    explicit Continuation(Session& session, QObject* parent = nullptr);
    ~Continuation() override;

    bool possible() const; // there are models, and a text to go on from
    bool running() const { return m_running; }
    /// Of the latest tokens in a row, each read by both models; ms.
    const std::vector<TokenTimes>& times() const { return m_times; }
    /// Why it ended before it was asked to; empty where it did not.
    const QString& note() const { return m_note; }

public slots:
    void start(timestep::ModelKind writer, const timestep::TokenChoice& choice, int count);
    void stop();

signals:
    void changed(); // running, times or note
    void failed(const QString& message); // one line: what, where, why, what to do

protected:
    void customEvent(QEvent* event) override;

private:
    void take(const std::vector<WrittenToken>& tokens);
    void takeSettings();
    void takeTokens();
    void updateRunning();

    Session& m_session;
    std::vector<TokenTimes> m_times;
    std::string m_written; // the text as it was left here
    QString m_note;
    bool m_extends = false; // the text holds something of this start already
    bool m_showsEnd = false; // what was written last is to be in the window of tokens in use
    bool m_running = false;
    std::string m_kernel; // of the session's settings
    int m_window = 0;
    std::shared_ptr<PairWriter> m_writer; // used by the lane only
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
