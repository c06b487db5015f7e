// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/planned_pair.h"
#include "ui/session/traced_run.h"

#include <array>
#include <memory>

namespace timestep {

/// When the cells of a plan really ran. In the same units as the plan: here one unit is the mean
/// time that one LSTM step of one sub-batch took.
struct MeasuredPair
{
    /// The plan, and in the place of its schedule the run: in ns where a plan counts flops. A
    /// worker is a lane of the trace.
    PlannedPairPointer pair;
    double nsPerUnit = 1;
    /// LSTM, attention: units that the plan of what ran takes on the threads that had a core.
    std::array<double, 2> plannedUnits {};
    std::array<double, 2> ns {}; // measured, from the begin of the first span to the last end
    int threads = 1;
    int cores = 1;
    bool disturbed = false; // by other programs

    double measuredUnits(int model) const { return ns[std::size_t(model)] / nsPerUnit; }
};

using MeasuredPairPointer = std::shared_ptr<const MeasuredPair>;

/// Whether a run is of what is planned: all layers, reading, as many steps and rows.
bool runsWhatIsPlanned(const PlannedPair& planned, const TracedRun& run);

/// Lays a run over the cells of a plan of the same: a cell lasts from the first begin to the last
/// end of what the run computed of it, however the run was cut. runsWhatIsPlanned() must hold.
MeasuredPairPointer measuredPair(const PlannedPair& planned, const TracedRun& run);

} // namespace timestep
