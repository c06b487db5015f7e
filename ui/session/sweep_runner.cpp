// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/sweep_runner.h"

#include "engine/error.h"
#include "engine/measurement/cell_bench.h"
#include "ui/session/race_plan.h"
#include "ui/session/wake_up.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace timestep {

namespace {

using namespace std::chrono_literals;

constexpr auto BetweenPictures = 250ms;
constexpr double LongRepeatMs
    = 250; // long enough to be told of, and for what came before it to be seen
constexpr auto LongestPause = 500ms; // a window that is busy otherwise does not hold up the sweep

std::vector<SweepCell> sweepCells(const std::vector<RaceCell>& cells)
{
    std::vector<SweepCell> swept;
    std::transform(cells.begin(), cells.end(), std::back_inserter(swept),
        [](const RaceCell& cell) { return cell.cell; });
    return swept;
}

/// Takes out what cannot be measured, for want of memory above all, and says why of the first.
std::string leaveOutRefused(std::vector<RaceCell>& cells, const SweepSettings& settings)
{
    const CellBench bench(settings);
    std::string refusal;
    std::erase_if(cells, [&](const RaceCell& cell) {
        try {
            bench.checkedCost(cell.cell);
            return false;
        } catch (const Error& error) {
            if (refusal.empty())
                refusal = error.what();
            return true;
        }
    });
    return refusal;
}

SweepSettings sweepSettings(const RaceRequest& request)
{
    SweepSettings settings;
    settings.repeats = raceRepeats(request);
    settings.memoryBudget = request.memoryBudget;
    settings.kernels = request.kernel.empty() ? &defaultKernels() : &kernelsNamed(request.kernel);
    return settings;
}

} // namespace

/// Where the sweep waits until its points have been shown.
class SweepRunner::Pause
{
public:
    void wait(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, stop, LongestPause, [this] { return m_shown; });
        m_shown = false;
    }
    void end()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_shown = true;
        }
        m_wake.notify_one();
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_shown = false;
};

/// One sweep, on the lane's thread.
class SweepRunner::Measuring
{
public:
    Measuring(SweepRunner& runner, std::vector<RaceCell> cells, std::stop_token stop,
        LatestJob::HandOver handOver)
        : m_runner(runner)
        , m_cells(std::move(cells))
        , m_stop(std::move(stop))
        , m_handOver(std::move(handOver))
        , m_medians(m_cells.size())
    {
    }

    void run(const SweepSettings& settings)
    {
        const std::vector<SweepPoint> points = runSweep(
            sweepCells(m_cells), settings, m_stop,
            [this](const SweepPoint& point, SweepProgress progress) { took(point, progress); },
            [this](SweepStep step) { begins(step); });
        for (const SweepPoint& point : points) // peaks are known only now
            took(point, m_progress);
        show(std::nullopt);
    }

private:
    void took(const SweepPoint& point, SweepProgress progress)
    {
        m_fresh.push_back({ m_cells[point.index].places, point });
        m_medians[point.index] = point.medianMs;
        m_progress = progress;
    }

    void begins(SweepStep step)
    {
        const bool first = step.repeatsDone == 0; // warmed up after the picture
        if (first || m_medians[step.index] > LongRepeatMs
            || std::chrono::steady_clock::now() - m_lastPicture >= BetweenPictures)
            show(RaceStep { m_cells[step.index], step.repeatsDone });
    }

    void show(std::optional<RaceStep> step)
    {
        m_handOver([&runner = m_runner, pause = m_pause, progress = m_progress,
                       step = std::move(step), points = std::exchange(m_fresh, {})] {
            runner.take(points, progress, step);
            pause->end();
        });
        m_pause->wait(m_stop);
        m_lastPicture = std::chrono::steady_clock::now();
    }

    SweepRunner& m_runner;
    std::vector<RaceCell> m_cells;
    std::stop_token m_stop;
    LatestJob::HandOver m_handOver;
    std::vector<double> m_medians; // ms, of each cell; 0: not measured yet
    std::vector<RacePoint> m_fresh; // not shown yet
    SweepProgress m_progress;
    std::shared_ptr<Pause> m_pause = std::make_shared<Pause>();
    std::chrono::steady_clock::time_point m_lastPicture = std::chrono::steady_clock::now();
};

SweepRunner::SweepRunner(QObject* parent)
    : QObject(parent)
    , m_planning(wakeUp(this))
    , m_measuring(wakeUp(this))
{
}

SweepRunner::~SweepRunner() = default;

void SweepRunner::plan(const RaceRequest& request)
{
    stop();
    m_measurement.request = request;
    forgetPoints();
    if (!m_planned || !samePlans(*m_planned, request)) {
        m_planned = request;
        m_measurement.lines.clear();
        m_linesPending = true;
        m_planning.start(
            [this, request](const std::stop_token& stop, const LatestJob::HandOver& handOver) {
                planLines(request, stop, [&](const PlannedLine& line) {
                    handOver([this, line] {
                        m_measurement.lines.push_back(line);
                        emit linesChanged();
                    });
                });
                handOver([this] {
                    m_linesPending = false;
                    if (std::exchange(m_waiting, false))
                        measure();
                    emit linesChanged(); // all are there
                });
            });
    }
    emit pointsChanged();
}

void SweepRunner::restore(RaceMeasurement measurement)
{
    stop();
    m_planning.cancel();
    m_linesPending = false;
    m_planned = measurement.request;
    m_measurement = std::move(measurement);
    m_progress = {};
    m_progress.points = static_cast<int>(m_measurement.points.size());
    m_progress.repeats = m_progress.points * raceRepeats(m_measurement.request);
    for (const RacePoint& point : m_measurement.points)
        m_progress.repeatsDone += point.point.repeats;
    emit linesChanged();
    emit pointsChanged();
}

void SweepRunner::start()
{
    stop();
    forgetPoints();
    m_measurement.machine = thisMachine();
    m_progress.points = static_cast<int>(raceCells(request()).size());
    m_progress.repeats = m_progress.points * raceRepeats(request());
    setRunning(true);
    m_waiting = m_linesPending;
    if (!m_waiting)
        measure();
    emit pointsChanged();
}

void SweepRunner::forgetPoints()
{
    m_measurement.points.clear();
    m_measurement.disturbed = false;
    m_measurement.refusal.clear();
    m_progress = {};
}

void SweepRunner::measure()
{
    m_measuring.start([this, request = request()](
                          const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        try {
            const SweepSettings settings = sweepSettings(request);
            std::vector<RaceCell> cells = raceCells(request);
            const std::string refusal = leaveOutRefused(cells, settings);
            if (cells.empty())
                throw Error(refusal);
            handOver([this, refusal] { m_measurement.refusal = refusal; });
            Measuring(*this, std::move(cells), stop, handOver).run(settings);
        } catch (const std::exception& error) {
            handOver([this, message = QString::fromUtf8(error.what())] { emit failed(message); });
        }
        handOver([this] { setRunning(false); });
    });
}

void SweepRunner::stop()
{
    m_measuring.cancel();
    m_waiting = false;
    setRunning(false);
}

void SweepRunner::disturb()
{
    if (m_running)
        m_measurement.disturbed = true;
}

void SweepRunner::take(
    const std::vector<RacePoint>& points, SweepProgress progress, std::optional<RaceStep> step)
{
    for (const RacePoint& point : points) {
        const auto place = std::lower_bound(m_measurement.points.begin(),
            m_measurement.points.end(), point.point.index,
            [](const RacePoint& before, std::size_t index) { return before.point.index < index; });
        if (place != m_measurement.points.end() && place->point.index == point.point.index)
            *place = point;
        else
            m_measurement.points.insert(place, point);
    }
    if (!points.empty())
        m_progress = progress;
    m_step = std::move(step);
    emit pointsChanged();
}

void SweepRunner::setRunning(bool running)
{
    if (std::exchange(m_running, running) == running)
        return;
    m_step.reset();
    emit runningChanged(running);
}

void SweepRunner::customEvent(QEvent*)
{
    m_planning.deliver();
    m_measuring.deliver();
}

} // namespace timestep

#include "moc_sweep_runner.cpp"
