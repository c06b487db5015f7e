// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/session/traced_run.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <vector>

namespace timestep {

class Session;

/// Watches both models read the text on the threads there are, while somebody shows it: again when
/// text, models or settings have changed and nobody has touched them for a moment, and whenever
/// asked to. The last runs are kept, to be compared.
class TraceJob : public QObject
{
    Q_OBJECT
public:
    enum class State
    {
        Nothing, // no text, or no models yet
        TooMuch, // takes too long to be begun unasked: runAgain() begins it
        Running, // or about to
        Refused, // refusal() says why
        Done, // the newest run is of what is set now
    };

    /// Rows times tokens: more are run only on demand.
    static constexpr std::int64_t mostUnasked = 65'536;
    static constexpr std::size_t mostRuns = 8;
    static constexpr std::size_t mostBytes = std::size_t(512) << 20U; // of all but the newest

    explicit TraceJob(Session& session, QObject* parent = nullptr);
    ~TraceJob() override;

    State state() const;
    bool running() const { return m_lane.busy(); }
    const QString& refusal() const { return m_refusal; } // one line
    /// Oldest first.
    const std::vector<TracedRunPointer>& runs() const { return m_runs; }
    TracedRunPointer newest() const { return m_runs.empty() ? nullptr : m_runs.back(); }

    bool singleSteps() const { return m_singleSteps; }

public slots:
    /// In the smallest operations there are (RunSettings::smallOperations), so that each is seen.
    void setSingleSteps(bool single);
    void setShown(bool shown); // by whoever shows it
    void runAgain();

signals:
    void changed(); // state or runs

protected:
    void customEvent(QEvent* event) override;

private:
    void takeWish();
    void startIfDue();
    void start();
    void take(TracedRunPointer run);

    Session& m_session;
    TraceRequest m_wanted;
    std::vector<TracedRunPointer> m_runs;
    int m_runsSoFar = 0;
    QString m_refusal;
    bool m_singleSteps = false;
    bool m_shown = false;
    bool m_asked = false;
    QTimer m_pause; // active: something was changed a moment ago
    std::shared_ptr<ReadyPair> m_ready; // used by the lane only
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
