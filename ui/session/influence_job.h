// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/influence_runner.h"
#include "ui/session/latest_job.h"
#include "ui/session/model_influence.h"
#include "ui/session/reading_pause.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <vector>

namespace timestep {

class Session;

/// The influence of the text in both models, computed while somebody shows it. The typed run goes
/// first: the sweep begins after a short pause in typing, and a newer run stops it at once. Rows
/// arrive on the interface's thread, last ones first, at most once a frame; those that a change of
/// the text leaves true stay.
class InfluenceJob : public QObject
{
    Q_OBJECT
public:
    enum class State
    {
        Nothing, // no text
        TooLong, // not computed unless asked for
        Computing, // or about to
        Refused, // more memory than the budget: refusal() says so
        Done,
    };

    /// Longer texts are computed only on demand: beyond it a sweep takes too long to be begun at
    /// every keystroke.
    static constexpr int MostTokensUnasked = 1024;

    explicit InfluenceJob(Session& session, QObject* parent = nullptr);
    ~InfluenceJob() override;

    State state() const;
    const ModelInfluence& lstm() const { return m_lstm; }
    const ModelInfluence& attention() const { return m_attention; }
    InfluenceTarget target() const { return m_request.target; }
    bool causal() const { return m_request.causal; } // attention
    const QString& refusal() const { return m_refusal; } // one line

public slots:
    void setShown(bool shown); // by whoever shows it
    void computeAnyway(); // a text that is too long, or one that was refused

signals:
    void restarted(); // another text or model: rows that were there may be gone
    void advanced(); // more rows are there, or the state is another

protected:
    void customEvent(QEvent* event) override;

private:
    class Batch;
    struct Arrival;

    void takeRun();
    void takeTarget();
    void takeRequest(const InfluenceRequest& request);
    void startIfDue();
    void start();
    void take(std::vector<Arrival> arrivals);
    void tell();

    Session& m_session;
    InfluenceRequest m_request;
    ModelInfluence m_lstm, m_attention;
    QString m_refusal;
    bool m_shown = false;
    bool m_asked = false;
    ReadingPause m_pause;
    QTimer m_frame; // active: a frame has been told of already
    bool m_untold = false;
    std::shared_ptr<InfluenceRunner> m_runner; // used by the lane only
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
