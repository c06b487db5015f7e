// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/sweep_runner.h"

#include <QCoreApplication>
#include <QEvent>

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
constexpr auto LongestPause = 500ms; // a window that is busy otherwise does not hold up the sweep

std::function<void()> wakeUp(QObject* receiver)
{
    return [receiver] { QCoreApplication::postEvent(receiver, new QEvent(QEvent::User)); };
}

std::vector<SweepCell> sweepCells(const std::vector<RaceCell>& cells)
{
    std::vector<SweepCell> swept;
    std::transform(cells.begin(), cells.end(), std::back_inserter(swept),
        [](const RaceCell& cell) { return cell.cell; });
    return swept;
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
    m_request = request;
    m_points.clear();
    m_progress = {};
    m_planning.start(
        [this, request](const std::stop_token& stop, const LatestJob::HandOver& handOver) {
            handOver([this, request, lines = plannedLines(request, stop)] {
                m_lines = lines;
                m_plannedRequest = request;
                emit linesChanged();
            });
        });
    emit pointsChanged();
}

void SweepRunner::start()
{
    m_points.clear();
    m_progress = {};
    const std::vector<RaceCell> cells = raceCells(m_request);
    m_progress.points = static_cast<int>(cells.size());
    SweepSettings settings;
    settings.repeats = m_request.repeats;
    m_measuring.start([this, cells, settings](
                          const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        const auto pause = std::make_shared<Pause>();
        std::vector<RacePoint> fresh;
        auto lastPicture = std::chrono::steady_clock::now();
        try {
            runSweep(sweepCells(cells), settings, stop,
                [&](const SweepPoint& point, SweepProgress progress) {
                    fresh.push_back({ cells[point.index].picture, cells[point.index].line, point });
                    const bool last = progress.repeatsDone == progress.repeats;
                    if (!last && std::chrono::steady_clock::now() - lastPicture < BetweenPictures)
                        return;
                    handOver([this, progress, pause, points = std::exchange(fresh, {})] {
                        take(points, progress);
                        pause->end();
                    });
                    pause->wait(stop);
                    lastPicture = std::chrono::steady_clock::now();
                });
        } catch (const std::exception& error) {
            handOver([this, message = QString::fromUtf8(error.what())] { emit failed(message); });
        }
        handOver([this] { setRunning(false); });
    });
    setRunning(true);
    emit pointsChanged();
}

void SweepRunner::stop()
{
    m_measuring.cancel();
    setRunning(false);
}

void SweepRunner::take(const std::vector<RacePoint>& points, SweepProgress progress)
{
    for (const RacePoint& point : points) {
        const auto place = std::lower_bound(m_points.begin(), m_points.end(), point.point.index,
            [](const RacePoint& before, std::size_t index) { return before.point.index < index; });
        if (place != m_points.end() && place->point.index == point.point.index)
            *place = point;
        else
            m_points.insert(place, point);
    }
    m_progress = progress;
    emit pointsChanged();
}

void SweepRunner::setRunning(bool running)
{
    if (std::exchange(m_running, running) != running)
        emit runningChanged(running);
}

void SweepRunner::customEvent(QEvent*)
{
    m_planning.deliver();
    m_measuring.deliver();
}

} // namespace timestep

#include "moc_sweep_runner.cpp"
