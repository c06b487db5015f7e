// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/traced_cell.h"

#include "engine/measurement/cell_bench.h"

namespace timestep {

std::optional<TracedCell> traceCell(
    const SweepCell& cell, const SweepSettings& settings, std::stop_token stop)
{
    CellBench bench(settings);
    bench.checkedCost(cell);
    const std::unique_ptr<TimedCell> ready = bench.ready(cell, stop);
    Trace trace;
    if (!ready || !ready->run(stop, &trace))
        return std::nullopt;
    return TracedCell { ready->cell(), ready->plan(), std::move(trace) };
}

} // namespace timestep
