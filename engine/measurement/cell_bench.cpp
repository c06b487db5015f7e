// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/cell_bench.h"

#include "engine/execution/attention_computation.h"
#include "engine/execution/lstm_computation.h"
#include "engine/execution/memory_budget.h"
#include "engine/execution/plan_analysis.h"
#include "engine/execution/strategy_choice.h"
#include "engine/training/bare_training.h"

#include <algorithm>
#include <limits>
#include <string>
#include <thread>

namespace timestep {

namespace {

std::string described(const SweepCell& cell)
{
    const std::string what
        = cell.model ? cell.model->name : std::string(kindName(shapeOf(cell).kind));
    const std::string pass = cell.pass == SweepCell::Pass::Generation ? " with a token after "
        : cell.pass == SweepCell::Pass::Training                      ? " in training with "
                                                                      : " with ";
    return "timing " + what + pass + std::to_string(cell.length) + " steps, "
        + std::to_string(cell.batch) + " rows and width " + std::to_string(cell.width);
}

/// Whether there is so little to do that waking other threads, and waiting for them where they are
/// more than the cores, may take longer.
bool wakingTakesLonger(const PlanShape& shape)
{
    constexpr double flops = 1e9; // some milliseconds of one core
    return 16.0 * shape.layers * shape.rows * shape.newSteps() * shape.width * shape.width < flops;
}

/// What auto tries, what is expected to be the fastest first. One thread has nothing to choose.
std::vector<Strategy> candidates(const PlanShape& shape, const SweepCell& cell)
{
    const Cut expectedCut = executedCut(shape, Strategy::Auto, cell.subBatches, cell.threads);
    const Strategy expected = expectedCut.strategy;
    std::vector<Strategy> strategies { expected };
    // Rows that are enough for all threads are trained by rows: nobody waits for anybody.
    const bool byRows = shape.training
        && (shape.kind == ModelKind::Attention || expectedCut.subBatches >= cell.threads);
    if (cell.threads == 1 || byRows)
        return strategies;
    std::vector<Strategy> suited = shape.kind == ModelKind::Attention
        ? std::vector { Strategy::SubBatch, Strategy::QueryBlock, Strategy::Head }
        : std::vector { Strategy::SubBatch, Strategy::HiddenSplit, Strategy::LayerWavefront };
    if (wakingTakesLonger(shape))
        suited.push_back(Strategy::Sequential);
    const bool oneStrip = shape.rows == 1 || cell.subBatches == 1;
    for (const Strategy strategy : suited) {
        const bool overlaps
            = strategy == Strategy::LayerWavefront || strategy == Strategy::QueryBlock;
        const bool pointless = (overlaps && shape.newSteps() == 1)
            || (strategy == Strategy::LayerWavefront && shape.layers == 1 && !shape.training)
            || (strategy == Strategy::SubBatch && oneStrip);
        if (strategy != expected && !pointless)
            strategies.push_back(strategy);
    }
    return strategies;
}

std::size_t workingBytes(const Plan& plan, int threads)
{
    if (plan.shape().training)
        return trainingBytes(plan, threads);
    return plan.shape().kind == ModelKind::Lstm ? LstmComputation::bytesNeeded(plan, threads)
                                                : AttentionComputation::bytesNeeded(plan, threads);
}

/// The least of some runs: at least three, and of short ones as many as take some milliseconds,
/// since a disturbance is longer than they are. Empty when stopped.
std::optional<double> leastMs(TimedCell& cell, std::stop_token stop)
{
    constexpr int fewest = 3;
    constexpr int most = 100;
    constexpr double enoughMs = 3;
    double least = std::numeric_limits<double>::infinity();
    double all = 0;
    for (int run = 0; run < fewest || (run < most && all < enoughMs); ++run) {
        const std::optional<double> timed = cell.run(stop);
        if (!timed)
            return std::nullopt;
        least = std::min(least, *timed);
        all += *timed;
    }
    return least;
}

} // namespace

CellBench::CellBench(const SweepSettings& settings)
    : m_kernels(settings.kernels ? *settings.kernels : defaultKernels())
    , m_memoryBudget(memoryBudgetBytes(settings.memoryBudget))
    , m_cores(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())))
    , m_passes(m_kernels, settings.seed)
{
}

Executor& CellBench::executor(int threads)
{
    std::unique_ptr<Executor>& executor = m_executors[threads];
    if (!executor)
        executor = std::make_unique<Executor>(threads);
    return *executor;
}

CellCost CellBench::checkedCost(const SweepCell& cell) const
{
    const std::size_t inputOutput = TimedPasses::inputOutputBytes(cell);
    refuseBeyondBudget(described(cell), inputOutput, m_memoryBudget);
    const PlanShape shape = shapeOf(cell);
    const Plan plan
        = makePlan(shape, executedCut(shape, cell.strategy, cell.subBatches, cell.threads));
    const std::size_t bytes = inputOutput + workingBytes(plan, cell.threads);
    refuseBeyondBudget(described(cell), bytes, m_memoryBudget);
    return { bytes, summarize(plan).work };
}

std::unique_ptr<TimedCell> CellBench::cut(const SweepCell& cell, Strategy strategy)
{
    SweepCell settled = cell;
    settled.strategy = strategy;
    return std::make_unique<TimedCell>(settled, m_passes.passFor(cell), executor(cell.threads));
}

std::unique_ptr<TimedCell> CellBench::ready(const SweepCell& cell, std::stop_token stop)
{
    const std::shared_ptr<TimedPass> kept = m_passes.passFor(cell); // while strategies are tried
    const std::optional<Strategy> strategy
        = cell.strategy == Strategy::Auto ? fastest(cell, stop) : cell.strategy;
    if (!strategy)
        return nullptr;
    std::unique_ptr<TimedCell> ready = cut(cell, *strategy);
    return ready->warmUp(warmUpMs, stop) ? std::move(ready) : nullptr;
}

std::optional<Strategy> CellBench::fastest(const SweepCell& cell, std::stop_token stop)
{
    // Another must be faster than what is expected to be by more than times differ on a quiet
    // machine.
    constexpr double margin = 0.95;
    // No cell that was tried is kept: in training a pass speaks of what was prepared last.
    const std::vector<Strategy> strategies = candidates(shapeOf(cell), cell);
    Strategy best = strategies.front();
    if (strategies.size() == 1)
        return best;
    double bestMs = std::numeric_limits<double>::infinity();
    for (const Strategy strategy : strategies) {
        const std::unique_ptr<TimedCell> candidate = cut(cell, strategy);
        if (strategy != strategies.front() && candidate->bytesNeeded() > m_memoryBudget)
            continue;
        if (!candidate->warmUp(warmUpMs, stop))
            return std::nullopt;
        const std::optional<double> ms = leastMs(*candidate, stop);
        if (!ms)
            return std::nullopt;
        if (*ms < margin * bestMs) {
            bestMs = *ms;
            best = strategy;
        }
    }
    return best;
}

} // namespace timestep
