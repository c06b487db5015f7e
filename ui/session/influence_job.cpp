// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/influence_job.h"

#include "ui/session/session.h"
#include "ui/session/wake_up.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

namespace timestep {

namespace {

constexpr int FrameMs = 16;

InfluenceRequest requestOf(const Run* run, const Settings& settings, InfluenceTarget target)
{
    InfluenceRequest request;
    request.target = target;
    if (!run || !run->lstm || !run->attention)
        return request;
    request.models = { run->lstm->model, run->attention->model };
    for (int token = run->window.begin; token < run->window.end; ++token)
        request.tokens.push_back(run->tokens[static_cast<std::size_t>(token)].id);
    if (target != InfluenceTarget::OwnBest)
        request.targetsOf = target == InfluenceTarget::LstmBest ? run->lstm : run->attention;
    request.causal = run->attention->plan.shape().causal;
    request.kernel = settings.kernel;
    request.threads = settings.threads;
    request.memoryBudget = settings.memoryBudget;
    return request;
}

int commonPrefix(const std::vector<TokenId>& a, const std::vector<TokenId>& b)
{
    return static_cast<int>(
        std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

} // namespace

struct InfluenceJob::Arrival
{
    ModelKind model;
    int position;
    InfluenceOnPrediction row;
};

/// Finished rows on their way to the interface's thread.
class InfluenceJob::Batch
{
public:
    /// Whether it was empty: then somebody has to be told.
    bool add(Arrival arrival)
    {
        const std::lock_guard lock(m_mutex);
        m_arrivals.push_back(std::move(arrival));
        return m_arrivals.size() == 1;
    }
    std::vector<Arrival> takeAll()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_arrivals, {});
    }

private:
    std::mutex m_mutex;
    std::vector<Arrival> m_arrivals;
};

InfluenceJob::InfluenceJob(Session& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_pause(session)
    , m_runner(std::make_shared<InfluenceRunner>())
    , m_lane(wakeUp(this))
{
    m_frame.setSingleShot(true);
    connect(&m_pause, &ReadingPause::began, this, [this] { m_lane.cancel(); });
    connect(&m_pause, &ReadingPause::ended, this, &InfluenceJob::startIfDue);
    connect(&session, &Session::runChanged, this, &InfluenceJob::takeRun);
    connect(&session.selection(), &Selection::changed, this, &InfluenceJob::takeTarget);
    connect(&m_frame, &QTimer::timeout, this, [this] {
        if (m_untold)
            tell();
    });
    takeRun();
}

InfluenceJob::~InfluenceJob() = default;

InfluenceJob::State InfluenceJob::state() const
{
    if (m_request.tokens.empty())
        return State::Nothing;
    if (m_lstm.complete() && m_attention.complete())
        return State::Done;
    if (!m_refusal.isEmpty())
        return State::Refused;
    const bool tooLong = m_request.tokens.size() > std::size_t(MostTokensUnasked);
    return tooLong && !m_asked ? State::TooLong : State::Computing;
}

void InfluenceJob::setShown(bool shown)
{
    m_shown = shown;
    if (shown)
        startIfDue();
    else
        m_lane.cancel();
}

void InfluenceJob::computeAnyway()
{
    m_asked = true;
    m_refusal.clear();
    startIfDue();
    tell();
}

void InfluenceJob::takeRun()
{
    takeRequest(requestOf(
        m_session.run().get(), m_session.settings(), m_session.selection().influenceTarget()));
}

void InfluenceJob::takeTarget()
{
    const InfluenceTarget target = m_session.selection().influenceTarget();
    if (target != m_request.target)
        takeRequest(requestOf(m_session.run().get(), m_session.settings(), target));
}

void InfluenceJob::takeRequest(const InfluenceRequest& request)
{
    const InfluenceRequest before = std::exchange(m_request, request);
    const int tokens = static_cast<int>(m_request.tokens.size());
    const int prefix = commonPrefix(before.tokens, m_request.tokens);
    const bool sameText = before.tokens == m_request.tokens;
    // What attention expects changes with the text that follows where it reads that, too.
    const bool sameTarget = before.target == m_request.target
        && (m_request.target != InfluenceTarget::AttentionBest || m_request.causal || sameText);
    const bool sameTargetModel = m_request.target == InfluenceTarget::OwnBest
        || (before.models.lstm == m_request.models.lstm
            && before.models.attention == m_request.models.attention
            && before.causal == m_request.causal);
    const bool same = before.kernel == m_request.kernel && sameTarget && sameTargetModel;
    const bool sameLstm = same && before.models.lstm == m_request.models.lstm;
    const bool sameAttention = same && before.models.attention == m_request.models.attention
        && before.causal == m_request.causal && (m_request.causal || sameText);
    m_lane.cancel();
    m_lstm.restart(tokens, sameLstm ? prefix : 0);
    m_attention.restart(tokens, sameAttention ? prefix : 0);
    m_asked = m_asked && sameText;
    m_refusal.clear();
    m_untold = false;
    emit restarted();
    startIfDue();
}

void InfluenceJob::startIfDue()
{
    const bool due = m_shown && state() == State::Computing && m_pause.over() && !m_lane.busy();
    if (due)
        start();
}

void InfluenceJob::start()
{
    const InfluenceRows wanted { m_lstm.missing(), m_attention.missing() };
    m_lane.start([this, runner = m_runner, request = m_request, wanted](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        const auto batch = std::make_shared<Batch>();
        const auto ready = [&](ModelKind model, const InfluenceRow& row) {
            const bool causal = model == ModelKind::Lstm || request.causal;
            const auto shares
                = causal ? row.shares.first(std::size_t(row.position) + 1) : row.shares;
            const bool first = batch->add({ .model = model,
                .position = row.position,
                .row = { .shares = { shares.begin(), shares.end() },
                    .largest = *std::max_element(shares.begin(), shares.end()),
                    .norm = row.norm,
                    .target = row.target } });
            if (first)
                handOver([this, batch] { take(batch->takeAll()); });
        };
        try {
            runner->run(request, wanted, stop, ready);
        } catch (const std::exception& error) {
            handOver([this, message = QString::fromUtf8(error.what())] {
                m_refusal = message;
                tell();
            });
        }
    });
}

void InfluenceJob::take(std::vector<Arrival> arrivals)
{
    for (Arrival& arrival : arrivals) {
        ModelInfluence& influence = arrival.model == ModelKind::Lstm ? m_lstm : m_attention;
        influence.rows[static_cast<std::size_t>(arrival.position)] = std::move(arrival.row);
    }
    m_untold = true;
    if (!m_frame.isActive() || state() == State::Done)
        tell();
}

void InfluenceJob::tell()
{
    m_untold = false;
    m_frame.start(FrameMs);
    emit advanced();
}

void InfluenceJob::customEvent(QEvent*) { m_lane.deliver(); }

} // namespace timestep

#include "moc_influence_job.cpp"
