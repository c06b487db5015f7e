// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"
#include "ui/session/latest_job.h"
#include "ui/session/race_lines.h"
#include "ui/session/race_plan.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// A measured point and the places where it is drawn.
struct RacePoint
{
    std::vector<RacePlace> places; // one at least
    SweepPoint point;

    bool isAt(RacePlace place) const;
};

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

    /// What was planned last, and what the points are of.
    const RaceRequest& request() const { return m_request; }
    const std::vector<PlannedLine>& lines() const { return m_lines; } // those there are so far
    const std::vector<RacePoint>& points() const { return m_points; }
    SweepProgress progress() const { return m_progress; }
    /// Not set before the first repeat and once the sweep has ended.
    const std::optional<RaceStep>& step() const { return m_step; }
    bool running() const { return m_running; }
    bool planning() const { return m_linesPending; }

    /// Computes the lines of the speed-up pictures, if they are not those there are; drops points
    /// of another request.
    void plan(const RaceRequest& request);
    /// Measures the request that was planned last, from the beginning, once its lines are there.
    void start();
    /// Keeps the points there are.
    void stop();

signals:
    void linesChanged();
    /// Painted before it returns, or not at all until the sweep ends.
    void pointsChanged();
    void runningChanged(bool running);
    void failed(const QString& message); // one line

protected:
    void customEvent(QEvent* event) override;

private:
    class Pause;

    class Measuring;

    void measure();
    void take(
        const std::vector<RacePoint>& points, SweepProgress progress, std::optional<RaceStep> step);
    void setRunning(bool running);

    std::optional<RaceRequest> m_planned; // what the lines are of, also while they are computed
    RaceRequest m_request;
    std::vector<PlannedLine> m_lines;
    std::vector<RacePoint> m_points; // in the order of their cells
    SweepProgress m_progress;
    std::optional<RaceStep> m_step;
    bool m_linesPending = false;
    bool m_running = false;
    bool m_waiting = false; // for the lines: planning would share the cores with what is timed
    LatestJob m_planning, m_measuring; // last: they stop before the rest goes
};

} // namespace timestep
