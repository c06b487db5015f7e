// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "ui/session/latest_job.h"
#include "ui/views/score_overview.h"

#include <QObject>

#include <memory>

namespace timestep {

/// Meets all scores of one head of a run, on a thread of its own where that takes longer than a
/// frame; keeps those of the latest head that was asked for.
class ScoreSurvey : public QObject
{
    Q_OBJECT
public:
    explicit ScoreSurvey(QObject* parent = nullptr);

    /// Null: not yet known, known() will tell; or such a run keeps no scores.
    ScoreOverviewPointer scores(const std::shared_ptr<const Run>& run, HeadIndex head);
    void pause(); // until it is asked again
    /// Whether the runs that the program makes of a text have scores to show.
    static bool kept(const Run* run);

signals:
    void known();

protected:
    void customEvent(QEvent* event) override;

private:
    std::shared_ptr<const Run> m_run; // of what is known or in the making
    HeadIndex m_head;
    ScoreOverviewPointer m_scores;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
