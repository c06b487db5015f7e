// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"

#include "engine/model/untrained_model.h"
#include "ui/session/plan_events.h"
#include "ui/session/wake_up.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <thread>
#include <utility>

namespace timestep {

namespace {

/// Whether a run of row 0 would give something else.
bool changesRun(const Settings& a, const Settings& b)
{
    return a.threads != b.threads || a.lstmStrategy != b.lstmStrategy
        || a.attentionStrategy != b.attentionStrategy || a.causal != b.causal
        || a.windowBegin != b.windowBegin || a.windowLength != b.windowLength
        || a.kernel != b.kernel || a.memoryBudget != b.memoryBudget;
}

std::function<OpenedPair(std::uint64_t)> pairOf(std::vector<std::string> names)
{
    return [names = std::move(names)](std::uint64_t seed) { return openModelPair(names, seed); };
}

/// So that the window is of use whatever is wrong with the models' files.
OpenedPair anyPair(std::uint64_t seed)
{
    return { untrainedPair(Vocabulary::bundled(), seed), { "untrained" } };
}

} // namespace

Session::Session(QObject* parent)
    : QObject(parent)
    , m_text(std::make_shared<const std::string>())
    , m_runner(std::make_shared<PairRunner>())
    , m_loading(wakeUp(this))
    , m_engine(wakeUp(this))
    , m_planning(wakeUp(this))
{
    m_settings.threads = cores();
    m_source = m_sourceOfModels = pairOf({});
}

Session::~Session() = default;

const std::string& Session::text() const { return *m_text; }

const Settings& Session::settings() const { return m_settings; }

const ModelPair& Session::models() const { return m_models; }

const std::vector<std::string>& Session::modelNames() const { return m_modelNames; }

int Session::cores() const
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

TokenizedTextPointer Session::tokenized() const { return m_tokenized; }

std::shared_ptr<const Run> Session::run() const { return m_run; }

PlannedPairPointer Session::plannedPair() const { return m_plannedPair; }

PlannedPairPointer Session::plannedPairOfHalf() const { return m_plannedPairOfHalf; }

bool Session::busy() const { return m_busy; }

bool Session::runsAllRows() const { return m_runsAllRows; }

bool Session::reading() const { return m_reading; }

Selection& Session::selection() { return m_selection; }

PlaybackClock& Session::clock() { return m_clock; }

void Session::setText(const std::string& bytes)
{
    takeText(bytes);
    emit textChanged();
}

void Session::editText(const std::string& bytes)
{
    takeText(bytes);
    emit textEdited();
}

void Session::extendText(const std::string& bytes, bool sameEdit)
{
    takeText(bytes);
    emit textExtended(sameEdit);
}

/// Words must stay words where the halves meet.
void Session::doubleText()
{
    const std::string half = text();
    if (half.empty())
        return;
    const auto isSpace
        = [](char byte) { return std::isspace(static_cast<unsigned char>(byte)) != 0; };
    const PlannedPairPointer planned = m_plannedPair;
    const bool parted = isSpace(half.back()) || isSpace(half.front());
    setText(half + (parted ? "" : " ") + half);
    m_plannedPairOfHalf = planned;
}

void Session::takeText(const std::string& bytes)
{
    m_plannedPairOfHalf.reset();
    m_text = std::make_shared<const std::string>(bytes);
    startRun(false);
}

void Session::planBrokenLink(std::optional<int> step)
{
    if (m_brokenLink == step)
        return;
    m_brokenLink = step;
    m_plannedPairOfHalf.reset(); // planned with another link broken
    startPlan();
}

void Session::setSettings(const Settings& wanted)
{
    const Settings before = std::exchange(m_settings, clamped(wanted));
    if (m_settings == before)
        return;
    m_plannedPairOfHalf.reset(); // planned by other settings
    emit settingsChanged();
    if (m_settings.seed != before.seed && m_source && dependsOnSeed())
        loadModels();
    if (changesRun(m_settings, before))
        startRun(false);
    startPlan();
}

void Session::runAllRows() { startRun(true); }

void Session::cancelAllRows()
{
    if (!m_runsAllRows)
        return;
    if (!m_runIsCurrent)
        return startRun(false); // the run of row 0 that this one had replaced
    m_engine.cancel();
    updateBusy();
}

void Session::toggleAllRows()
{
    if (m_runsAllRows)
        cancelAllRows();
    else
        runAllRows();
}

void Session::setModels(const ModelPair& models)
{
    m_loading.cancel();
    m_source = m_sourceOfModels = nullptr;
    m_plannedPairOfHalf.reset();
    m_models = models;
    m_modelNames.clear();
    emit modelsChanged();
    startRun(false);
}

void Session::openModels(const std::vector<std::string>& namesOrFolders)
{
    m_source = pairOf(namesOrFolders);
    loadModels();
}

void Session::openModel(const std::string& nameOrFolder)
{
    m_source = [nameOrFolder, beside = m_models](
                   std::uint64_t seed) { return openModelBeside(nameOrFolder, beside, seed); };
    loadModels();
}

/// Whether the models, there or on their way, are made from the seed.
bool Session::dependsOnSeed() const
{
    return m_loading.busy() || !m_models.lstm || m_models.lstm->untrained()
        || m_models.attention->untrained();
}

void Session::loadModels()
{
    m_loading.start(
        guarded([this, source = m_source, seed = m_settings.seed, none = !m_models.lstm](
                    const std::stop_token&, const LatestJob::HandOver& handOver) {
            try {
                handOver([this, opened = source(seed)] { takeModels(opened); });
            } catch (const std::exception& error) {
                handOver([this, message = QString::fromUtf8(error.what())] {
                    m_source = m_sourceOfModels;
                    emit failed(message);
                });
                // The window is of use without them, and says what was wrong. A pair that was there
                // stays.
                if (none)
                    handOver([this, opened = anyPair(seed)] { takeModels(opened); });
            }
        }));
    updateBusy();
}

void Session::takeModels(const OpenedPair& opened)
{
    m_source = m_sourceOfModels = pairOf(opened.names);
    m_plannedPairOfHalf.reset();
    m_models = opened.models;
    m_modelNames = opened.names;
    emit modelsChanged();
    startRun(false);
}

void Session::startRun(bool allRows)
{
    if (!m_models.lstm)
        return; // starts with the models
    if (!allRows)
        m_runIsCurrent = false;
    setRunsAllRows(allRows);
    m_engine.start(guarded(
        [this, runner = m_runner, request = RunRequest { m_text, m_models, m_settings, allRows }](
            const std::stop_token& stop, const LatestJob::HandOver& handOver) {
            const TokenizedTextPointer tokenized = runner->tokenize(request);
            handOver([this, tokenized] { takeTokens(tokenized); });
            if (stop.stop_requested())
                return;
            if (const auto run = runner->run(request, *tokenized, stop)) {
                handOver([this, run] {
                    m_run = run;
                    m_runIsCurrent = true;
                    emit runChanged();
                });
            }
        }));
    updateBusy();
}

void Session::startPlan()
{
    if (!m_tokenized)
        return; // starts with the tokens
    if (m_tokenized->window.count() == 0) {
        m_planning.cancel();
        m_planRequest.reset();
        takePlan(nullptr);
        return;
    }
    const int steps = m_tokenized->window.count();
    PlanRequest request
        = planRequest(m_models.lstm->shape, m_models.attention->shape, steps, m_settings);
    if (m_brokenLink && *m_brokenLink < steps)
        request.brokenLink = *m_brokenLink;
    if (request == m_planRequest)
        return;
    m_planRequest = request;
    m_planning.start(guarded([this, request](
                                 const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        if (auto planned = planPair(request, stop)) {
            auto pointer = std::make_shared<const PlannedPair>(std::move(*planned));
            handOver([this, pointer, events = planEvents(*pointer)] { takePlan(pointer, events); });
        }
    }));
    updateBusy();
}

void Session::takeTokens(TokenizedTextPointer tokenized)
{
    m_tokenized = std::move(tokenized);
    m_selection.limitTokens(m_tokenized->count());
    emit tokensChanged();
    startPlan();
}

void Session::takePlan(PlannedPairPointer planned, std::vector<PlaybackEvent> events)
{
    if (!planned && !m_plannedPair)
        return;
    m_plannedPair = std::move(planned);
    if (m_plannedPair)
        m_clock.setTimeline(m_plannedPair->duration(), m_plannedPair->moments, std::move(events));
    else
        m_clock.setTimeline(0, {});
    emit plannedPairChanged();
}

void Session::customEvent(QEvent*)
{
    for (LatestJob* lane : { &m_loading, &m_engine, &m_planning })
        lane->deliver();
    updateBusy();
}

void Session::updateBusy()
{
    const bool busy = m_loading.busy() || m_engine.busy() || m_planning.busy();
    if (busy != std::exchange(m_busy, busy))
        emit busyChanged(busy);
    if (!m_engine.busy())
        setRunsAllRows(false); // done, refused or cancelled
    const bool reading = m_engine.busy();
    if (reading != std::exchange(m_reading, reading))
        emit readingChanged(reading);
}

void Session::setRunsAllRows(bool runs)
{
    if (runs != std::exchange(m_runsAllRows, runs))
        emit runsAllRowsChanged(runs);
}

Settings Session::clamped(Settings settings) const
{
    settings.rows = std::clamp(settings.rows, 1, 256);
    settings.subBatches = std::clamp(settings.subBatches, 1, 32);
    settings.workers = std::clamp(settings.workers, 1, 512);
    settings.threads = std::clamp(settings.threads, 1, 64);
    settings.windowLength = std::max(settings.windowLength, 1);
    settings.windowBegin = std::max(settings.windowBegin, 0);
    settings.plannedLayer = std::max(settings.plannedLayer, -1);
    if (m_models.lstm) {
        const int layers = std::max(m_models.lstm->shape.layers, m_models.attention->shape.layers);
        settings.plannedLayer = std::min(settings.plannedLayer, layers - 1);
    }
    if (m_tokenized) {
        const int length = m_models.lstm ? windowLength(m_models, settings) : settings.windowLength;
        settings.windowBegin = windowOf(m_tokenized->count(), settings.windowBegin, length).begin;
    }
    return settings;
}

/// Errors end here: they become one line for the user, and everything that was there stays.
template <typename Task>
LatestJob::Work Session::guarded(Task task)
{
    return [this, task = std::move(task)](
               const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        try {
            task(stop, handOver);
        } catch (const std::exception& error) {
            handOver([this, message = QString::fromUtf8(error.what())] { emit failed(message); });
        }
    };
}

} // namespace timestep

#include "moc_session.cpp"
