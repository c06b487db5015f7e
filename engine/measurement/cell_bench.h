// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"
#include "engine/measurement/timed_cell.h"
#include "engine/measurement/timed_passes.h"

#include <map>
#include <memory>
#include <optional>
#include <stop_token>

namespace timestep {

/// What a run of a cell takes.
struct CellCost
{
    std::size_t bytes = 0; // with input and output, without weights
    double flops = 0;
};

/// What all cells of a sweep are timed on: the executors, one for each number of threads and kept
/// warm, the passes, and the memory budget.
class CellBench
{
public:
    /// Less does not bring clock and caches to where a long run has them.
    static constexpr double warmUpMs = 50;

    explicit CellBench(const SweepSettings& settings);

    /// What the cell would take. Allocates none of it; throws Error where it is more than the
    /// budget.
    CellCost checkedCost(const SweepCell& cell) const;

    /// The cell ready and warmed up. Strategy auto has become what is expected to be the fastest,
    /// or another that suits and is clearly faster, as tried here and now. Null when stopped.
    std::unique_ptr<TimedCell> ready(const SweepCell& cell, std::stop_token stop);

    Executor& executor(int threads);
    const Kernels& kernels() const { return m_kernels; }
    int cores() const { return m_cores; }
    std::size_t memoryBudget() const { return m_memoryBudget; }

private:
    std::unique_ptr<TimedCell> cut(const SweepCell& cell, Strategy strategy);
    std::optional<Strategy> fastest(const SweepCell& cell, std::stop_token stop);

    const Kernels& m_kernels;
    std::size_t m_memoryBudget;
    int m_cores;
    TimedPasses m_passes;
    std::map<int, std::unique_ptr<Executor>> m_executors; // by threads
};

} // namespace timestep
