// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_request.h"

#include <vector>

namespace timestep {

inline constexpr int ShortestRaceLength = 16; // T
inline constexpr int LongestFormulaLength = 16384; // T of what needs no measuring

/// Every cell once. All rows are cut as the user set it, or by the rule of `auto` where what is set
/// does not suit the pass. With one row there is nothing to split into sub-batches: where that is
/// the strategy, its times are of what is expected to be fastest.
std::vector<RaceCell> raceCells(const RaceRequest& request);

/// Runs of each point: bytes are the same in every run.
int raceRepeats(const RaceRequest& request);

/// T of the times, ascending.
std::vector<int> raceLengths(const RaceRequest& request);

/// B of what is drawn against rows, ascending: powers of two up to 64 at least, and what is set.
std::vector<int> raceRowCounts(const RaceRequest& request);

/// S of what is drawn against sub-batches, ascending: powers of two up to the rows, and the rows.
std::vector<int> raceSubBatchCounts(const RaceRequest& request);

/// Of those measured the most that have a core each, or two at least: where splitting can be seen.
int mostThreads(const RaceRequest& request);

/// Whether both have the same lines by plan.
bool samePlans(const RaceRequest& left, const RaceRequest& right);

/// A cell of a line: what is computed, not how it is cut.
SweepCell raceCell(const RaceRequest& request, RaceLine line, int length, int rows);

/// What is set, or Auto where that does not suit the pass: nothing follows a single step, and
/// attention trains by rows alone.
Strategy suitedStrategy(Strategy wished, SweepCell::Pass pass);

/// 1 … cores, thinned to powers of two where there are many, and what the user asks for beyond.
std::vector<int> measuredThreadCounts(int cores, int threads);

/// The power of two the text of `tokens` fits, from 16 to 256, less with many rows: long enough to
/// time, short enough to plan every position of all rows in a moment.
int speedUpLength(int tokens, int rows);

/// The longest of them: 256, less with more than 32 rows.
int longestSpeedUpLength(int rows);

} // namespace timestep
