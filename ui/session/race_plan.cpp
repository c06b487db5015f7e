// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_plan.h"

#include "engine/execution/strategy_choice.h"
#include "engine/measurement/forward_passes.h"

#include <algorithm>
#include <bit>

namespace timestep {

namespace {

constexpr int ShortestLength = 16;

RaceCell cut(RacePicture picture, RaceLine line, SweepCell cell, Strategy strategy, int threads)
{
    cell.strategy = strategy;
    cell.threads = threads;
    return { picture, line, std::move(cell) };
}

/// What is expected to be fastest, by the same rule at every length: trying all of them first would
/// leave the plots empty for long, and a line is to be of one kind.
Strategy expectedFastest(const SweepCell& cell, int threads)
{
    return executedCut(shapeOf(cell), Strategy::Auto, cell.subBatches, threads).strategy;
}

void addTimes(
    std::vector<RaceCell>& cells, const RaceRequest& request, RacePicture picture, int rows)
{
    for (int length = ShortestLength; length <= request.longest; length *= 2) {
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
            SweepCell cell = raceCell(request, line, length, rows);
            const Strategy strategy = expectedFastest(cell, request.threads);
            cells.push_back(cut(picture, line, std::move(cell), strategy, request.threads));
        }
    }
}

} // namespace

SweepCell raceCell(const RaceRequest& request, RaceLine line, int length, int rows)
{
    const bool attention = line == RaceLine::Attention;
    SweepCell cell;
    cell.length = length;
    cell.batch = rows;
    if (!request.models.lstm) {
        cell.compute = attention
            ? (request.causal ? SweepCell::Compute::AttentionCausal : SweepCell::Compute::Attention)
            : SweepCell::Compute::Lstm;
        cell.width = request.width;
        cell.heads = request.heads;
        return cell;
    }
    cell.model = attention ? request.models.attention : request.models.lstm;
    cell.text = request.text;
    cell.width = cell.model->shape.width;
    cell.heads = cell.model->shape.heads;
    cell.layers = cell.model->shape.layers;
    return cell;
}

std::vector<RaceCell> raceCells(const RaceRequest& request)
{
    std::vector<RaceCell> cells;
    if (request.rows > 1) {
        addTimes(cells, request, RacePicture::TimeOfRows, request.rows);
        for (int threads : request.threadCounts)
            for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
                cells.push_back(cut(RacePicture::SpeedUpOfRows, line,
                    raceCell(request, line, request.speedUpLength, request.rows),
                    Strategy::SubBatch, threads));
    }
    addTimes(cells, request, RacePicture::TimeOfOne, 1);
    const auto one = RacePicture::SpeedUpOfOne;
    const SweepCell lstm = raceCell(request, RaceLine::Lstm, request.speedUpLength, 1);
    const SweepCell attention = raceCell(request, RaceLine::Attention, request.speedUpLength, 1);
    for (int threads : request.threadCounts) {
        cells.push_back(cut(one, RaceLine::Lstm, lstm, Strategy::SubBatch, threads));
        cells.push_back(cut(one, RaceLine::Attention, attention, Strategy::QueryBlock, threads));
        if (threads > 1) // on one thread there is nothing to split for
            cells.push_back(cut(one, RaceLine::HiddenSplit, lstm, Strategy::HiddenSplit, threads));
    }
    return cells;
}

std::vector<int> measuredThreadCounts(int cores, int threads)
{
    constexpr int Every = 8;
    std::vector<int> counts;
    for (int count = 1; count <= cores; count = count < Every ? count + 1 : count * 2)
        counts.push_back(count);
    counts.push_back(cores);
    counts.push_back(threads);
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    return counts;
}

int speedUpLength(int tokens)
{
    return static_cast<int>(
        std::bit_ceil(static_cast<unsigned>(std::clamp(tokens, ShortestLength, 256))));
}

} // namespace timestep
