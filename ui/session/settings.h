// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/strategy.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace timestep {

/// Everything the user sets beside the text. Plain data; Session::setSettings clamps it.
struct Settings
{
    int rows = 32; // B, 1 … 256
    int subBatches = 4; // wished, 1 … 32: S is min(rows, this), so the wish outlives fewer rows
    int workers = 4; // imagined, 1 … 512
    int threads = 2; // real; the machine's cores by default
    Strategy lstmStrategy = Strategy::SubBatch;
    Strategy attentionStrategy = Strategy::Auto; // positions, where rows are too few to share out
    bool causal = true;
    int plannedLayer = 0; // the layer the Steps workspace plans; −1: all
    bool beingWritten = false; // planned so: each token is chosen from what came of the one before
    bool plannedTraining = false; // planned so: forward and back again, and the update; not written
    bool besideTrace = false; // a real run of the same is shown beside the plan
    bool breaksLink = false; // of the LSTM, before one step: planned so, and really run
    int windowBegin = 0; // first token in use
    int windowLength = 1024; // most tokens in use, wished: no more are than the pair's context
    std::uint64_t seed = 1; // of the untrained pair
    std::string kernel; // empty: defaultKernels()
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
    bool operator==(const Settings&) const = default;
};

/// A real run reads, in all layers, with all links whole: where it is to be shown beside a plan,
/// that is planned.
inline void setBesideTrace(Settings& settings, bool on)
{
    settings.besideTrace = on;
    if (!on)
        return;
    settings.plannedLayer = -1;
    settings.beingWritten = settings.plannedTraining = settings.breaksLink = false;
}

} // namespace timestep
