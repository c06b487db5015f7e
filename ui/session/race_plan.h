// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <optional>
#include <vector>

namespace timestep {

enum class RacePicture
{
    TimeOfRows, // against length
    SpeedUpOfRows, // against workers
    TimeOfOne,
    SpeedUpOfOne,
};

enum class RaceLine
{
    Lstm, // rows are split into sub-batches
    Attention,
    HiddenSplit, // LSTM of one row, whose hidden units are split: a barrier at every step
};

/// What is raced: both models on the same text, or a bare layer of each, of equal width.
struct RaceRequest
{
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
    int speedUpLength = 16; // T of the speed-ups
    int repeats = 25;
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

/// Every cell once. All rows are cut as the user set it. With one row there is nothing to split
/// into sub-batches: where that is the strategy, its times are of what is expected to be fastest.
std::vector<RaceCell> raceCells(const RaceRequest& request);

/// T of the times, ascending.
std::vector<int> raceLengths(const RaceRequest& request);

/// Whether both have the same speed-ups by plan.
bool samePlans(const RaceRequest& left, const RaceRequest& right);

/// A cell of a line: what is computed, not how it is cut.
SweepCell raceCell(const RaceRequest& request, RaceLine line, int length, int rows);

/// 1 … cores, thinned to powers of two where there are many, and what the user asks for beyond.
std::vector<int> measuredThreadCounts(int cores, int threads);

/// The power of two the text of `tokens` fits, from 16 to 256, less with many rows: long enough to
/// time, short enough to plan every position of all rows in a moment.
int speedUpLength(int tokens, int rows);

} // namespace timestep
