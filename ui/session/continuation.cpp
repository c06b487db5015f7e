// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/continuation.h"

#include "ui/session/session.h"
#include "ui/session/wake_up.h"

#include <chrono>
#include <exception>
#include <utility>

namespace timestep {

namespace {

/// Between two changes of the text: each makes both models read it, which must not take the
/// processors from what is being timed all the while.
constexpr std::chrono::milliseconds pace(100);

WriteRequest requestOf(const Session& session)
{
    const Settings& settings = session.settings();
    WriteRequest request;
    request.text = std::make_shared<const std::string>(session.text());
    request.models = session.models();
    request.window = windowLength(session.models(), settings);
    request.kernel = settings.kernel;
    request.memoryBudget = settings.memoryBudget;
    return request;
}

} // namespace

Continuation::Continuation(Session& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_writer(std::make_shared<PairWriter>())
    , m_lane(wakeUp(this))
{
    connect(&session, &Session::textEdited, this, &Continuation::stop);
    connect(&session, &Session::textChanged, this, &Continuation::stop);
    connect(&session, &Session::settingsChanged, this, &Continuation::takeSettings);
    connect(&session, &Session::tokensChanged, this, &Continuation::takeTokens);
    connect(&session, &Session::modelsChanged, this, [this] {
        m_times.clear();
        m_note.clear();
        stop();
        emit changed();
    });
    takeSettings();
}

Continuation::~Continuation() = default;

bool Continuation::possible() const
{
    return m_session.models().lstm != nullptr && !m_session.text().empty();
}

void Continuation::start(ModelKind writer, const TokenChoice& choice, int count)
{
    if (!possible())
        return;
    if (m_session.text() != m_written)
        m_times.clear();
    m_note.clear();
    m_extends = false;
    WriteRequest request = requestOf(m_session);
    request.writer = writer;
    request.choice = choice;
    request.count = count;
    m_lane.start([this, pairWriter = m_writer, request = std::move(request)](
                     const std::stop_token& stopped, const LatestJob::HandOver& handOver) {
        using Clock = std::chrono::steady_clock;
        std::vector<WrittenToken> waiting;
        Clock::time_point last = Clock::now();
        const auto handAll = [&] {
            if (!waiting.empty())
                handOver([this, tokens = std::exchange(waiting, {})] { take(tokens); });
            last = Clock::now();
        };
        try {
            const auto end = pairWriter->run(request, stopped, [&](WrittenToken token) {
                waiting.push_back(std::move(token));
                if (Clock::now() - last >= pace)
                    handAll();
            });
            handAll();
            if (end == PairWriter::End::TextEnded)
                handOver([this] { m_note = tr("the model ended the text"); });
        } catch (const std::exception& error) {
            handAll();
            handOver([this, message = QString::fromUtf8(error.what())] { emit failed(message); });
        }
    });
    updateRunning();
}

void Continuation::stop()
{
    m_lane.cancel();
    updateRunning();
}

void Continuation::take(const std::vector<WrittenToken>& tokens)
{
    std::string text = m_session.text();
    for (const WrittenToken& token : tokens) {
        text += token.bytes;
        m_times.push_back(token.times);
    }
    if (m_times.size() > mostTimes)
        m_times.erase(m_times.begin(), m_times.end() - mostTimes);
    m_written = text;
    m_showsEnd = true;
    m_session.extendText(text, std::exchange(m_extends, true));
}

/// Only what would make it compute something else.
void Continuation::takeSettings()
{
    const Settings& settings = m_session.settings();
    const bool otherKernel = std::exchange(m_kernel, settings.kernel) != settings.kernel;
    if (otherKernel)
        m_times.clear();
    const bool otherWindow
        = std::exchange(m_window, settings.windowLength) != settings.windowLength;
    if (otherKernel || otherWindow) {
        stop();
        emit changed();
    }
}

/// What is written is to be seen, also beyond the window of tokens in use.
void Continuation::takeTokens()
{
    const TokenizedTextPointer text = m_session.tokenized();
    if (!m_showsEnd || text->text != m_written)
        return;
    m_showsEnd = false;
    if (text->window.end == text->count())
        return;
    Settings settings = m_session.settings();
    settings.windowBegin = text->count() - text->window.count();
    m_session.setSettings(settings);
}

void Continuation::customEvent(QEvent*)
{
    m_lane.deliver();
    updateRunning();
    emit changed();
}

void Continuation::updateRunning()
{
    if (m_lane.busy() != std::exchange(m_running, m_lane.busy()))
        emit changed();
}

} // namespace timestep

#include "moc_continuation.cpp"
