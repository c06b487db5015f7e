// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/strategy_choice.h"

#include "engine/kernels/packed_matrix.h"

#include <algorithm>
#include <thread>

namespace timestep {

namespace {

// Arithmetic of one step (or of one position looking back) that makes a barrier worth while:
// cutting it in two must save more than the one to two microseconds that the slices wait for each
// other, at some 50 GFLOP/s with few rows.
constexpr double flopsWorthABarrier = 400'000;

// A block of gates of this many rows (512 KiB at 256 units) stays in the second-level cache beside
// the weights.
constexpr int rowsInABlock = 128;

// In training a block is also what the gradients of the weights are read and written for once.
constexpr int positionsInABlock = 256;

// For fewer, reading and writing them takes longer than the arithmetic.
constexpr int fewestPositionsInABlock = 16;

int coresFor(int threads)
{
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    return std::min(threads, std::max(cores, 1));
}

bool hiddenSplitPays(const PlanShape& shape, int rowsTogether, int threads)
{
    const double stepFlops = 8.0 * rowsTogether * shape.width * shape.width;
    return coresFor(threads) > 1 && shape.width > laneCount && stepFlops >= flopsWorthABarrier;
}

/// Where workers are more than the cores, one that waits keeps another from its core.
bool wavefrontPays(const PlanShape& shape, int threads)
{
    return shape.layers > 1 && shape.newSteps() > 1 && threads <= coresFor(threads);
}

/// An LSTM has but one wide direction, its rows. Where they are fewer than the workers, its hidden
/// units can be split if a step is long enough, else layers can follow each other.
Strategy bestForLstm(const PlanShape& shape, int strips, int threads)
{
    if (strips >= threads)
        return Strategy::SubBatch;
    if (hiddenSplitPays(shape, std::max(shape.rows / strips, 1), threads))
        return Strategy::HiddenSplit;
    if (strips > 1)
        return Strategy::SubBatch;
    return wavefrontPays(shape, threads) ? Strategy::LayerWavefront : Strategy::Sequential;
}

bool headsPay(const PlanShape& shape, int threads)
{
    const double lookingFlops = 4.0 * shape.rows * shape.steps * shape.width;
    return coresFor(threads) > 1 && shape.heads > 1 && lookingFlops >= flopsWorthABarrier;
}

/// Rows where they share out evenly: nobody waits for anybody. Else blocks of positions, of which
/// there are always enough, or of a single position its heads.
Strategy bestForAttention(const PlanShape& shape, int strips, int threads)
{
    const bool even = strips % threads == 0 || strips >= 8 * threads;
    if (even || shape.newSteps() > 1)
        return even ? Strategy::SubBatch : Strategy::QueryBlock;
    if (headsPay(shape, threads))
        return Strategy::Head;
    return strips > 1 ? Strategy::SubBatch : Strategy::Sequential;
}

/// One thread has nothing to share out, and attention trains by rows alone.
Strategy bestFor(const PlanShape& shape, int strips, int threads)
{
    const bool byRows = shape.training && shape.kind == ModelKind::Attention;
    if (threads == 1 || byRows)
        return strips > 1 ? Strategy::SubBatch : Strategy::Sequential;
    return shape.kind == ModelKind::Lstm ? bestForLstm(shape, strips, threads)
                                         : bestForAttention(shape, strips, threads);
}

int chunkOf(const PlanShape& shape, Strategy strategy, int rowsTogether)
{
    const int most = shape.training ? positionsInABlock : rowsInABlock;
    const int longest = shape.training ? positionsInABlock : 32;
    int chunk = std::clamp(most / std::max(rowsTogether, 1), 4, longest);
    if (strategy == Strategy::LayerWavefront) { // the layers overlap in all chunks but the first
        const int overlapping = shape.newSteps() / (8 * std::max(shape.layers, 1));
        const int fewest
            = shape.training ? std::max(fewestPositionsInABlock / std::max(rowsTogether, 1), 1) : 1;
        chunk = std::clamp(overlapping, fewest, chunk);
    }
    return chunk;
}

/// Query-block: several blocks a worker, so that they can even out, but of 16 positions at least.
int blockOf(const PlanShape& shape, Strategy strategy, int threads)
{
    constexpr int largest = 64;
    if (strategy != Strategy::QueryBlock)
        return largest;
    return std::clamp(roundUpToLanes(shape.newSteps() / (4 * threads)), laneCount, largest);
}

/// Attention: what rows keep of a layer – input, queries, keys, values, output – should stay in the
/// second-level cache until it is read again. A single new position reads weights above all: all
/// rows share them.
int rowsTogetherIn(const PlanShape& shape)
{
    constexpr double cacheFloats = 128 * 1024; // 512 KiB
    if (shape.newSteps() <= 1)
        return 0;
    return std::max(static_cast<int>(cacheFloats / (5.0 * shape.steps * shape.width)), 1);
}

} // namespace

Cut executedCut(const PlanShape& shape, Strategy strategy, int subBatches, int threads)
{
    const int rows = std::max(shape.rows, 1);
    threads = std::max(threads, 1);
    const int strips = std::clamp(subBatches > 0 ? subBatches : threads, 1, rows);

    Cut cut;
    cut.grain = Grain::Executed;
    cut.strategy = strategy;
    if (strategy == Strategy::Auto)
        cut.strategy = bestFor(shape, strips, threads);
    // In training the bits depend on the sub-batches: those asked for are there whatever is picked.
    const bool asked = subBatches > 0 && (strategy != Strategy::Auto || shape.training);
    cut.subBatches = cut.strategy == Strategy::SubBatch || asked ? strips : 1;
    if (cut.strategy == Strategy::Sequential)
        cut.subBatches = 1;
    cut.slices = cut.strategy == Strategy::HiddenSplit
        ? std::min(threads, roundUpToLanes(shape.width) / laneCount)
        : 0;
    const int rowsTogether = (rows + cut.subBatches - 1) / cut.subBatches;
    cut.stepsPerChunk = chunkOf(shape, cut.strategy, rowsTogether);
    cut.positionsPerBlock = blockOf(shape, cut.strategy, threads);
    if (shape.kind == ModelKind::Attention)
        cut.rowsTogether = rowsTogetherIn(shape);
    return cut;
}

Cut smallestOperations(Cut cut)
{
    cut.stepsPerChunk = 1;
    cut.positionsPerBlock = laneCount;
    return cut;
}

} // namespace timestep
