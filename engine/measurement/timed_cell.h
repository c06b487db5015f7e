// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/timed_pass.h"
#include "engine/execution/trace.h"
#include "engine/measurement/sweep.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace timestep {

/// A cell made ready: its pass, its plan and the working memory to run it any number of times.
class TimedCell
{
public:
    /// `cell.strategy` is settled. The executor must outlive this. Throws Error for a strategy that
    /// does not suit.
    TimedCell(const SweepCell& cell, std::shared_ptr<TimedPass> pass, Executor& executor);

    /// With the sub-batches there really are.
    const SweepCell& cell() const { return m_cell; }
    const Plan& plan() const { return m_plan; }
    const TimedPass& pass() const { return *m_pass; }

    /// What is allocated when it runs: working memory, without weights, input and output.
    std::size_t bytesNeeded() const;
    std::size_t peakBytes() const { return m_account.peakBytes(); }

    /// Runs untimed for at least `milliseconds`, once at least. False when stopped.
    bool warmUp(double milliseconds, std::stop_token stop);

    /// Wall time in ms; empty when stopped. Before the first run, what the plan takes as given is
    /// computed, untimed.
    std::optional<double> run(std::stop_token stop, Trace* trace = nullptr);

private:
    bool makeReady(std::stop_token stop);

    SweepCell m_cell;
    std::shared_ptr<TimedPass> m_pass;
    Executor& m_executor;
    Plan m_plan;
    MemoryAccount m_account;
    std::unique_ptr<Computation> m_computation;
};

} // namespace timestep
