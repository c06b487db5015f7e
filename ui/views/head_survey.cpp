// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/head_survey.h"

#include "ui/session/wake_up.h"

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int ShortText = 512; // tokens: one head is known in well under a millisecond

const Affinities* recordedAffinities(const Run* run)
{
    if (run == nullptr || !run->attention || !run->attention->recording.affinities)
        return nullptr;
    const Affinities& affinities = *run->attention->recording.affinities;
    return affinities.tokens() > 0 ? &affinities : nullptr;
}

std::vector<TokenId> idsInWindow(const Run* run)
{
    std::vector<TokenId> ids;
    if (run != nullptr)
        for (int token = run->window.begin; token < run->window.end; ++token)
            ids.push_back(run->tokens[token].id);
    return ids;
}

} // namespace

HeadSurvey::HeadSurvey(QObject* parent)
    : QObject(parent)
    , m_lane(wakeUp(this))
{
}

void HeadSurvey::setRun(std::shared_ptr<const Run> run, HeadIndex first)
{
    if (m_run != run) {
        m_lane.cancel();
        m_first.reset();
        m_run = std::move(run);
        const Affinities* recorded = affinities();
        m_tokens = idsInWindow(m_run.get());
        m_known.assign(recorded != nullptr ? recorded->layers() * recorded->heads() : 0, nullptr);
        emit restarted();
    }
    setFirst(first);
}

void HeadSurvey::setFirst(HeadIndex first)
{
    const auto head = nearest(m_run.get(), first);
    if (!head || complete())
        return;
    if (!statistics(*head) && affinities()->tokens() <= ShortText)
        take(*head, affinityStatistics(*affinities(), *head, m_tokens));
    const bool running = m_first && m_lane.busy();
    if (!running || (!statistics(*head) && m_first != head))
        start(*head);
}

void HeadSurvey::pause()
{
    m_lane.cancel();
    m_first.reset();
}

void HeadSurvey::start(HeadIndex first)
{
    m_first = first;
    m_lane.start([this, run = m_run, tokens = m_tokens, heads = unknownHeads(first)](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        for (const HeadIndex head : heads) {
            auto statistics
                = affinityStatistics(*recordedAffinities(run.get()), head, tokens, stop);
            if (!statistics)
                return;
            handOver([this, head, statistics = std::move(statistics)] { take(head, statistics); });
        }
    });
}

std::vector<HeadIndex> HeadSurvey::unknownHeads(HeadIndex first) const
{
    std::vector<HeadIndex> heads;
    for (int layer = 0; layer < affinities()->layers(); ++layer)
        for (int head = 0; head < affinities()->heads(); ++head)
            if (!statistics({ layer, head }))
                heads.push_back({ layer, head });
    const auto place = std::find(heads.begin(), heads.end(), first);
    if (place != heads.end())
        std::rotate(heads.begin(), place, place + 1);
    return heads;
}

void HeadSurvey::take(HeadIndex head, AffinityStatisticsPointer statistics)
{
    m_known[placeOf(head)] = std::move(statistics);
    emit known(head);
}

const Affinities* HeadSurvey::affinities() const { return recordedAffinities(m_run.get()); }

AffinityStatisticsPointer HeadSurvey::statistics(HeadIndex head) const
{
    return m_known[placeOf(head)];
}

std::optional<HeadKind> HeadSurvey::kind(HeadIndex head) const
{
    const auto statistics = this->statistics(head);
    return statistics ? kindOf(statistics->figures) : std::nullopt;
}

std::optional<HeadIndex> HeadSurvey::best(HeadKind kind) const
{
    std::optional<HeadIndex> best;
    double score = 0;
    for (std::size_t place = 0; place < m_known.size(); ++place) {
        const auto& statistics = m_known[place];
        if (!statistics || statistics->figures.of(kind).positions == 0)
            continue;
        if (const double found = statistics->figures.of(kind).score; !best || found > score) {
            const int heads = affinities()->heads();
            best = { static_cast<int>(place) / heads, static_cast<int>(place) % heads };
            score = found;
        }
    }
    return best;
}

bool HeadSurvey::complete() const
{
    return std::all_of(
        m_known.begin(), m_known.end(), [](const auto& statistics) { return bool(statistics); });
}

std::size_t HeadSurvey::placeOf(HeadIndex head) const
{
    return static_cast<std::size_t>(head.layer) * affinities()->heads() + head.head;
}

std::optional<HeadIndex> HeadSurvey::nearest(const Run* run, HeadIndex head)
{
    const Affinities* recorded = recordedAffinities(run);
    if (recorded == nullptr)
        return std::nullopt;
    return HeadIndex { std::clamp(head.layer, 0, recorded->layers() - 1),
        std::clamp(head.head, 0, recorded->heads() - 1) };
}

void HeadSurvey::customEvent(QEvent* /*event*/) { m_lane.deliver(); }

} // namespace timestep

#include "moc_head_survey.cpp"
