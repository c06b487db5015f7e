// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "ui/session/latest_job.h"
#include "ui/views/affinity_statistics.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// Meets all affinities of a run once, head by head on a thread of its own, the head that is looked
/// at before all others. What it comes to know it keeps. For a short text the head looked at is
/// known at once.
class HeadSurvey : public QObject
{
    Q_OBJECT
public:
    explicit HeadSurvey(QObject* parent = nullptr);

    /// Null, or a run of no text: there is nothing to know. The same run again: goes on.
    void setRun(std::shared_ptr<const Run> run, HeadIndex first);
    void setFirst(HeadIndex first);
    void pause(); // until setRun or setFirst

    const std::shared_ptr<const Run>& run() const { return m_run; }
    const Affinities* affinities() const; // null where there is nothing to know
    AffinityStatisticsPointer statistics(HeadIndex head) const; // null: not yet known
    std::optional<HeadKind> kind(HeadIndex head) const; // empty: a mixture, or not yet known
    /// Of the heads that are known the one with the highest score of a kind, of several the first;
    /// empty where none has a score. Whether it is of that kind is another question.
    std::optional<HeadIndex> best(HeadKind kind) const;
    bool complete() const;

    /// The nearest layer and head that a run recorded; empty where there are none.
    static std::optional<HeadIndex> nearest(const Run* run, HeadIndex head);

signals:
    void restarted(); // another run
    void known(timestep::HeadIndex head);

protected:
    void customEvent(QEvent* event) override;

private:
    std::size_t placeOf(HeadIndex head) const;
    std::vector<HeadIndex> unknownHeads(HeadIndex first) const;
    void start(HeadIndex first);
    void take(HeadIndex head, AffinityStatisticsPointer statistics);

    std::shared_ptr<const Run> m_run;
    std::vector<TokenId> m_tokens; // (T) that it reads
    std::vector<AffinityStatisticsPointer> m_known; // (L, A)
    std::optional<HeadIndex> m_first; // of the job that runs
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
