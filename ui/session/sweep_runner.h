// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"
#include "ui/session/latest_job.h"
#include "ui/session/race_measurement.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// A repeat that goes on just now.
struct RaceStep
{
    RaceCell cell;
    int repeatsDone = 0; // of this cell; 0: it is warmed up first
};

/// Plans and measures a race on threads of its own. New points are handed over a few times a second
/// between two repeats, and the sweep waits until they are shown, so that painting never shares a
/// core with what is timed. Every signal comes on the owner's thread.
class SweepRunner : public QObject
{
    Q_OBJECT
public:
    explicit SweepRunner(QObject* parent = nullptr);
    ~SweepRunner() override;

    /// What was planned last, with the lines and points there are so far.
    const RaceMeasurement& measurement() const { return m_measurement; }
    const RaceRequest& request() const { return m_measurement.request; }
    const std::vector<PlannedLine>& lines() const { return m_measurement.lines; }
    const std::vector<RacePoint>& points() const { return m_measurement.points; }
    SweepProgress progress() const { return m_progress; }
    /// Not set before the first repeat and once the sweep has ended.
    const std::optional<RaceStep>& step() const { return m_step; }
    bool running() const { return m_running; }
    bool planning() const { return m_linesPending; }

    /// Computes the lines of the speed-up pictures, if they are not those there are; drops points
    /// of another request.
    void plan(const RaceRequest& request);
    /// Goes back to what was measured before, with all its lines.
    void restore(RaceMeasurement measurement);
    /// Measures the request that was planned last, from the beginning, once its lines are there.
    void start();
    /// Keeps the points there are.
    void stop();
    /// The points to come share the cores with something else that this program does.
    void disturb();

signals:
    void linesChanged();
    /// Painted before it returns, or not at all until the sweep ends.
    void pointsChanged();
    void runningChanged(bool running);
    void failed(const QString& message); // one line: nothing could be measured

protected:
    void customEvent(QEvent* event) override;

private:
    class Pause;

    class Measuring;

    void forgetPoints();
    void measure();
    void take(
        const std::vector<RacePoint>& points, SweepProgress progress, std::optional<RaceStep> step);
    void setRunning(bool running);

    std::optional<RaceRequest> m_planned; // what the lines are of, also while they are computed
    RaceMeasurement m_measurement;
    SweepProgress m_progress;
    std::optional<RaceStep> m_step;
    bool m_linesPending = false;
    bool m_running = false;
    bool m_waiting = false; // for the lines: planning would share the cores with what is timed
    LatestJob m_planning, m_measuring; // last: they stop before the rest goes
};

} // namespace timestep
