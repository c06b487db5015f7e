// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/trace_job.h"

#include "ui/session/session.h"
#include "ui/session/wake_up.h"

#include <exception>
#include <utility>

namespace timestep {

namespace {

constexpr int PauseMs = 300; // a run takes all cores: longer than between two keys of a word

TraceRequest requestOf(const Session& session)
{
    TraceRequest request;
    const TokenizedTextPointer text = session.tokenized();
    request.models = session.models();
    request.settings = session.settings();
    request.cores = session.cores();
    if (!text || !request.models.lstm)
        return request;
    request.window = text->window;
    request.tokens.assign(
        text->tokens.begin() + text->window.begin, text->tokens.begin() + text->window.end);
    return request;
}

} // namespace

TraceJob::TraceJob(Session& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_ready(std::make_shared<ReadyPair>())
    , m_lane(wakeUp(this))
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(PauseMs);
    connect(&session, &Session::tokensChanged, this, &TraceJob::takeWish);
    connect(&session, &Session::settingsChanged, this, &TraceJob::takeWish);
    connect(&session, &Session::modelsChanged, this, &TraceJob::takeWish);
    connect(&session, &Session::busyChanged, this, &TraceJob::startIfDue);
    connect(&m_pause, &QTimer::timeout, this, &TraceJob::startIfDue);
    takeWish();
}

TraceJob::~TraceJob() = default;

TraceJob::State TraceJob::state() const
{
    if (m_wanted.tokens.empty())
        return State::Nothing;
    if (!m_refusal.isEmpty())
        return State::Refused;
    if (!m_asked && !m_runs.empty() && m_runs.back()->request.sameAs(m_wanted))
        return State::Done;
    const auto size = static_cast<std::int64_t>(m_wanted.tokens.size()) * m_wanted.settings.rows;
    return size > mostUnasked && !m_asked ? State::TooMuch : State::Running;
}

void TraceJob::setSingleSteps(bool single)
{
    m_singleSteps = single;
    takeWish();
}

void TraceJob::setShown(bool shown)
{
    m_shown = shown;
    if (shown)
        return startIfDue();
    m_lane.cancel();
    m_asked = false;
}

void TraceJob::runAgain()
{
    m_asked = true;
    m_refusal.clear();
    m_lane.cancel();
    startIfDue();
    emit changed();
}

void TraceJob::takeWish()
{
    TraceRequest wanted = requestOf(m_session);
    wanted.singleSteps = m_singleSteps;
    if (wanted.sameAs(m_wanted) && wanted.window == m_wanted.window)
        return;
    m_wanted = std::move(wanted);
    m_asked = false;
    m_refusal.clear();
    m_lane.cancel();
    m_pause.start();
    emit changed();
}

/// The typed run goes first, and nothing else may take a core from a run that is watched.
void TraceJob::startIfDue()
{
    const bool due = m_shown && state() == State::Running && !m_session.busy()
        && !m_pause.isActive() && !m_lane.busy();
    if (due)
        start();
}

void TraceJob::start()
{
    m_lane.start([this, ready = m_ready, request = m_wanted](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        try {
            if (std::optional<TracedRun> run = traceRun(request, *ready, stop))
                handOver([this, traced = std::make_shared<TracedRun>(std::move(*run))] {
                    traced->number = ++m_runsSoFar;
                    take(traced);
                });
        } catch (const std::exception& error) {
            handOver([this, message = QString::fromUtf8(error.what())] {
                m_refusal = message;
                m_asked = false;
                emit changed();
            });
        }
    });
}

void TraceJob::take(TracedRunPointer run)
{
    m_asked = false;
    m_runs.push_back(std::move(run));
    std::size_t older = 0;
    for (std::size_t i = 0; i + 1 < m_runs.size(); ++i)
        older += m_runs[i]->bytes();
    while (m_runs.size() > mostRuns || (m_runs.size() > 1 && older > mostBytes)) {
        older -= m_runs.front()->bytes();
        m_runs.erase(m_runs.begin());
    }
    emit changed();
}

void TraceJob::customEvent(QEvent*)
{
    m_lane.deliver();
    startIfDue();
}

} // namespace timestep

#include "moc_trace_job.cpp"
