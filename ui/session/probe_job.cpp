// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/probe_job.h"

#include "ui/session/session.h"
#include "ui/session/wake_up.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace timestep {

namespace {

ProbedReading readingOf(std::shared_ptr<const Run> run, const Settings& settings)
{
    return { .run = std::move(run),
        .kernel = settings.kernel,
        .threads = settings.threads,
        .memoryBudget = settings.memoryBudget };
}

bool hasModels(const Run* run) { return run != nullptr && run->lstm && run->attention; }

/// Whether the same would be found on both.
bool sameText(const ProbedReading& a, const ProbedReading& b)
{
    if (!hasModels(a.run.get()) || !hasModels(b.run.get()) || a.kernel != b.kernel)
        return false;
    const auto tokens = [](const Run& run, int end) { return run.tokens.begin() + end; };
    const auto sameId = [](const Token& x, const Token& y) { return x.id == y.id; };
    const Run &x = *a.run, &y = *b.run;
    return x.lstm->model == y.lstm->model && x.attention->model == y.attention->model
        && x.attention->plan.shape().causal == y.attention->plan.shape().causal
        && std::equal(tokens(x, x.window.begin), tokens(x, x.window.end), tokens(y, y.window.begin),
            tokens(y, y.window.end), sameId);
}

/// A part that is no longer asked for is not shown on.
ProbeResult keptOf(const ProbeResult& before, const ProbeRequest& request)
{
    ProbeResult kept = before;
    if (!request.replacement)
        kept.replacement.reset();
    if (!request.eachToken)
        kept.eachToken.reset();
    if (!request.intervention)
        kept.intervention.reset();
    if (!request.question)
        kept.question.reset();
    if (!request.eachLink)
        kept.eachLink.reset();
    return kept;
}

void put(ProbeResult& result, const std::shared_ptr<const ReplacementFound>& found)
{
    result.replacement = found;
}
void put(ProbeResult& result, const std::shared_ptr<const EachTokenFound>& found)
{
    result.eachToken = found;
}
void put(ProbeResult& result, const std::shared_ptr<const InterventionFound>& found)
{
    result.intervention = found;
}
void put(ProbeResult& result, const std::shared_ptr<const QuestionFound>& found)
{
    result.question = found;
}
void put(ProbeResult& result, const std::shared_ptr<const EachLinkFound>& found)
{
    result.eachLink = found;
}

} // namespace

ProbeJob::ProbeJob(Session& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_result(std::make_shared<const ProbeResult>())
    , m_pause(session)
    , m_runner(std::make_shared<ProbeRunner>())
    , m_lane(wakeUp(this))
{
    connect(&m_pause, &ReadingPause::began, this, [this] { m_lane.cancel(); });
    connect(&m_pause, &ReadingPause::ended, this, &ProbeJob::startIfDue);
    connect(&session, &Session::runChanged, this, &ProbeJob::takeRun);
    takeRun();
}

ProbeJob::~ProbeJob() = default;

bool ProbeJob::complete() const { return missing() == ProbeRequest {}; }

bool ProbeJob::computing() const { return m_shown && !m_ended && !complete(); }

void ProbeJob::setRequest(const ProbeRequest& request)
{
    if (request == m_request)
        return;
    m_request = request;
    restart();
}

void ProbeJob::setShown(bool shown)
{
    if (shown == std::exchange(m_shown, shown))
        return;
    if (shown)
        startIfDue();
    else
        m_lane.cancel();
    emit changed();
}

void ProbeJob::takeRun()
{
    const ProbedReading before
        = std::exchange(m_reading, readingOf(m_session.run(), m_session.settings()));
    auto result = std::make_shared<ProbeResult>();
    if (sameText(before, m_reading))
        *result = *m_result;
    result->run = m_reading.run;
    m_result = std::move(result);
    restart();
}

void ProbeJob::restart()
{
    m_lane.cancel();
    m_ended = false;
    m_refusal.clear();
    m_fitting = m_reading.run ? fittingPart(m_request, *m_reading.run) : ProbeRequest {};
    m_result = std::make_shared<const ProbeResult>(keptOf(*m_result, m_fitting));
    startIfDue();
    emit changed();
}

void ProbeJob::startIfDue()
{
    if (computing() && m_pause.over() && !m_lane.busy())
        start();
}

void ProbeJob::start()
{
    m_lane.start([this, runner = m_runner, reading = m_reading, request = missing()](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        const auto refuse = [&](const std::string& message) {
            handOver([this, line = QString::fromStdString(message)] {
                m_refusal = line;
                emit changed();
            });
        };
        try {
            runner->run(
                reading, request, stop,
                [&](const ProbePart& part) { handOver([this, part] { take(part); }); }, refuse);
        } catch (const std::exception& error) {
            refuse(error.what());
        }
        handOver([this] {
            m_ended = true;
            emit changed();
        });
    });
}

void ProbeJob::take(const ProbePart& part)
{
    ProbeResult result = *m_result;
    std::visit([&result](const auto& found) { put(result, found); }, part);
    m_result = std::make_shared<const ProbeResult>(std::move(result));
    emit changed();
}

ProbeRequest ProbeJob::missing() const { return missingPart(m_fitting, *m_result); }

void ProbeJob::customEvent(QEvent*) { m_lane.deliver(); }

} // namespace timestep

#include "moc_probe_job.cpp"
