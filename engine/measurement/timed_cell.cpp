// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/timed_cell.h"

#include "engine/execution/given_steps.h"
#include "engine/execution/strategy_choice.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <system_error>

namespace timestep {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// How long threads of this process have been ready to run, but had no core, so far: the second
/// number of each thread's schedstat (Linux, Documentation/scheduler/sched-stats). Not set where
/// the system does not tell.
std::optional<double> millisecondsWithoutACore()
{
    std::error_code failure;
    double milliseconds = 0;
    bool told = false;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", failure)) {
        std::ifstream file(thread.path() / "schedstat");
        double ran = 0;
        double waited = 0; // both ns
        if (file >> ran >> waited) {
            milliseconds += waited * 1e-6;
            told = true;
        }
    }
    return told ? std::optional(milliseconds) : std::nullopt;
}

/// Of all threads of this process so far.
long involuntarySwitches()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nivcsw;
}

/// What others did to a run: the moments that a quiet system takes for itself do not count.
class Disturbance
{
public:
    bool isOf(double runMilliseconds) const
    {
        constexpr double negligible = 0.02; // of the run
        const std::optional<double> waited = millisecondsWithoutACore();
        if (waited && m_waitedBefore)
            return *waited - *m_waitedBefore > negligible * runMilliseconds;
        return involuntarySwitches() > m_switchesBefore;
    }

private:
    std::optional<double> m_waitedBefore = millisecondsWithoutACore();
    long m_switchesBefore = involuntarySwitches();
};

} // namespace

TimedCell::TimedCell(const SweepCell& cell, std::shared_ptr<TimedPass> pass, Executor& executor)
    : m_cell(cell)
    , m_pass(std::move(pass))
    , m_executor(executor)
    , m_plan(makePlan(m_pass->shape(),
          executedCut(m_pass->shape(), cell.strategy, cell.subBatches, executor.threads())))
{
    m_cell.strategy = m_plan.cut().strategy;
    m_cell.subBatches = m_plan.cut().subBatches;
}

std::size_t TimedCell::bytesNeeded() const
{
    return m_pass->bytesNeeded(m_plan, m_executor.threads());
}

bool TimedCell::warmUp(double milliseconds, std::stop_token stop)
{
    const Clock::time_point begin = Clock::now();
    do {
        if (!run(stop))
            return false;
    } while (millisecondsSince(begin) < milliseconds);
    return true;
}

/// False when stopped.
bool TimedCell::makeReady(std::stop_token stop)
{
    if (m_computation)
        return true;
    std::unique_ptr<Computation> computation
        = m_pass->prepare(m_plan, m_executor.threads(), m_account);
    if (runGivenSteps(m_plan, *computation, m_executor, stop) == Outcome::Cancelled)
        return false;
    m_computation = std::move(computation);
    return true;
}

std::optional<TimedRun> TimedCell::run(std::stop_token stop, Trace* trace)
{
    if (!makeReady(stop))
        return std::nullopt;
    const Disturbance disturbance;
    const Clock::time_point begin = Clock::now();
    if (m_executor.run(m_plan, *m_computation, stop, trace) == Outcome::Cancelled)
        return std::nullopt;
    const double milliseconds = millisecondsSince(begin);
    return TimedRun { milliseconds, disturbance.isOf(milliseconds) };
}

} // namespace timestep
