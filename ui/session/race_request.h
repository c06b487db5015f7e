// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <string>
#include <vector>

namespace timestep {

/// What the pictures of one race are drawn against.
enum class RaceQuestion
{
    Length, // and workers: the argument itself
    Rows, // latency and throughput, and what one core makes of few rows
    SubBatches,
    Memory,
};

inline constexpr RaceQuestion raceQuestions[]
    = { RaceQuestion::Length, RaceQuestion::Rows, RaceQuestion::SubBatches, RaceQuestion::Memory };

enum class RacePicture
{
    TimeOfRows, // against length
    SpeedUpOfRows, // against workers
    TimeOfOne,
    SpeedUpOfOne,
    Writing, // one token more, of one row and of all, on one thread and on the most; no plot
    LatencyOfManyRows, // against rows
    ThroughputOfManyRows,
    PeakShareOfManyRows, // on one thread
    TimeOfSubBatches, // against sub-batches
    SpeedUpOfSubBatches,
    ReadingMemory, // against length
    TrainingMemory,
};

enum class RaceLine
{
    Lstm, // rows are split into sub-batches
    Attention,
    HiddenSplit, // LSTM of one row, whose hidden units are split: a barrier at every step
    StoredAffinities, // attention that keeps its T × T affinities: by formula alone
};

/// What is raced: both models on the same text, or a bare layer of each, of equal width.
struct RaceRequest
{
    RaceQuestion question = RaceQuestion::Length;
    SweepCell::Pass pass = SweepCell::Pass::Inference; // memory: reading and training, both
    ModelPair models; // not set: bare layers
    std::vector<TokenId> text; // repeated to the length; at least one for models
    bool causal = true; // bare layers; a model always is
    int width = 256; // bare layers
    int heads = 4; // bare layers
    int rows = 32; // B; 1: the pictures of one row are all there is
    int subBatches = 4; // S of all rows; one row is one
    Strategy lstmStrategy = Strategy::SubBatch;
    Strategy attentionStrategy = Strategy::SubBatch;
    int threads = 1; // P of the times
    std::vector<int> threadCounts { 1 }; // of the measured speed-ups, ascending, 1 among them
    int longest = 1024; // T of the times: 16, 32, … up to it
    int speedUpLength = 16; // T of the speed-ups, and of what is drawn against rows or sub-batches
    int repeats = 25;
    int cores = 1; // of this machine
    std::string kernel; // empty: the fastest
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// Where a point is drawn.
struct RacePlace
{
    RacePicture picture;
    RaceLine line;
    bool operator==(const RacePlace&) const = default;
};

/// A cell of the sweep and the places of its point: what two pictures show is measured once.
struct RaceCell
{
    std::vector<RacePlace> places; // one at least
    SweepCell cell; // strategy and sub-batches settled
    bool operator==(const RaceCell&) const = default;
};

} // namespace timestep
