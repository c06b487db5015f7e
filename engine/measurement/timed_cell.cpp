// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/timed_cell.h"

#include "engine/execution/given_steps.h"
#include "engine/execution/strategy_choice.h"

#include <chrono>

namespace timestep {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

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

std::optional<double> TimedCell::run(std::stop_token stop, Trace* trace)
{
    if (!makeReady(stop))
        return std::nullopt;
    const Clock::time_point begin = Clock::now();
    if (m_executor.run(m_plan, *m_computation, stop, trace) == Outcome::Cancelled)
        return std::nullopt;
    return millisecondsSince(begin);
}

} // namespace timestep
