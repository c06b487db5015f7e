// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/score_survey.h"

#include "ui/session/wake_up.h"

#include <utility>

namespace timestep {

namespace {

constexpr int ShortText = 512; // tokens: a few milliseconds

const Affinities* affinitiesOf(const Run* run)
{
    return run != nullptr && run->attention ? run->attention->recording.affinities.get() : nullptr;
}

} // namespace

ScoreSurvey::ScoreSurvey(QObject* parent)
    : QObject(parent)
    , m_lane(wakeUp(this))
{
}

bool ScoreSurvey::kept(const Run* run)
{
    const Affinities* affinities = affinitiesOf(run);
    float score = 0;
    return affinities != nullptr && affinities->tokens() > 0
        && affinities->readScores({}, { { 0, 1 }, { 0, 1 }, &score, 1 });
}

ScoreOverviewPointer ScoreSurvey::scores(const std::shared_ptr<const Run>& run, HeadIndex head)
{
    const bool asked = m_run == run && m_head == head && (m_scores || m_lane.busy());
    if (asked || !kept(run.get()))
        return asked ? m_scores : nullptr;
    m_lane.cancel();
    m_run = run;
    m_head = head;
    m_scores.reset();
    if (affinitiesOf(run.get())->tokens() <= ShortText)
        return m_scores = scoreOverview(*affinitiesOf(run.get()), head);
    m_lane.start(
        [this, run, head](const std::stop_token& stop, const LatestJob::HandOver& handOver) {
            if (auto scores = scoreOverview(*affinitiesOf(run.get()), head, stop))
                handOver([this, scores = std::move(scores)] {
                    m_scores = scores;
                    emit known();
                });
        });
    return nullptr;
}

void ScoreSurvey::pause() { m_lane.cancel(); }

void ScoreSurvey::customEvent(QEvent*) { m_lane.deliver(); }

} // namespace timestep

#include "moc_score_survey.cpp"
