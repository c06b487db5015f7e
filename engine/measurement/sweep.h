// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/strategy.h"
#include "engine/kernels/kernels.h"
#include "engine/model/model.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

/// What is timed in one cell of a sweep.
struct SweepCell
{
    enum class Pass
    {
        Inference, // `length` tokens are read
        Training, // forward and back again, with the gradients of weights and input
        Generation // one token more, when `length` are there
    };
    enum class Compute
    {
        Lstm,
        Attention,
        AttentionCausal
    }; // bare layers
    Pass pass = Pass::Inference;
    Compute compute = Compute::Lstm; // generation: nothing later is there, so both attentions agree
    ModelPointer model; // a whole model instead of bare layers, where set
    std::vector<TokenId> text; // for a whole model: repeated to the length
    Strategy strategy = Strategy::Auto;
    int length = 0; // T; generation: T − 1, the tokens already there
    int batch = 1; // B
    int subBatches = 0; // S; 0: auto
    int width = 256; // H or D
    int heads = 4; // A
    int layers = 1; // L
    int threads = 1;
    bool operator==(const SweepCell&) const = default;
};

/// One measured point, with the columns of the CSV.
struct SweepPoint
{
    std::size_t index = 0; // of its cell among those given
    SweepCell cell; // strategy and subBatches as they were picked
    std::string kernel;
    int repeats = 0;
    double medianMs = 0, minMs = 0, p90Ms = 0;
    double lowerQuartileMs = 0, upperQuartileMs = 0; // the band on screen
    double lowerMedianMs = 0, upperMedianMs = 0; // 95 % interval of the median
    int disturbed = 0; // repeats in which others took cores (Disturbance); they count all the same
    double gflops = 0; // flops ÷ median
    double peakGflops = 0; // of as many threads together: the largest of all probes so far, of
                           // which there is one before and one after each repeat of any cell
    double readGBps = 0; // memory read, measured beside this point, all its threads together
    double flops = 0; // arithmetic of one run
    std::int64_t parameters = 0;
    std::size_t stateBytes = 0; // by the formulas of the documentation
    std::size_t peakBytes = 0; // counted by the allocator
    double speedUpBound = 0;
    double maxError = 0; // against double precision, relative to the largest magnitude; see
                         // TimedPass
};

struct SweepSettings
{
    int repeats = 15;
    std::uint64_t seed = 1;
    std::size_t memoryBudget = 0;
    const Kernels* kernels = nullptr;
};

struct SweepProgress
{
    int pointsDone = 0, points = 0;
    int repeatsDone = 0, repeats = 0;
};

/// A repeat that is about to begin.
struct SweepStep
{
    std::size_t index = 0; // of its cell among those given
    int repeatsDone = 0; // of this cell; 0: it is made ready and warmed up first
};

/// Times the cells: warm-up, then repeats interleaved over the cells, recording off: a first round
/// from the least arithmetic to the most, so that points come soon, and then rounds in random
/// order. `update` gets every point again each time it has more repeats (so plots fill), `begin`
/// what comes next, both from the calling thread. The points returned all have the largest peak.
/// When stopped, returns the points that have at least one repeat.
std::vector<SweepPoint> runSweep(const std::vector<SweepCell>& cells, const SweepSettings& settings,
    std::stop_token stop, const std::function<void(const SweepPoint&, SweepProgress)>& update,
    const std::function<void(SweepStep)>& begin = {});

} // namespace timestep
