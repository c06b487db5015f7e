// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_plan.h"

#include "engine/execution/strategy_choice.h"
#include "engine/measurement/timed_passes.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace timestep {

namespace {

/// The cells so far, none of them twice.
class DistinctCells
{
public:
    void add(RacePlace place, SweepCell cell, Strategy strategy, int subBatches, int threads)
    {
        // By one rule at every length: to try all strategies first would leave the plots empty for
        // long, and a line is to be of one kind.
        const Cut cut = executedCut(shapeOf(cell), strategy, subBatches, threads);
        cell.strategy = cut.strategy;
        cell.subBatches = cut.subBatches;
        cell.threads = threads;
        const auto same = std::find_if(m_cells.begin(), m_cells.end(),
            [&cell](const RaceCell& other) { return other.cell == cell; });
        if (same != m_cells.end())
            same->places.push_back(place);
        else
            m_cells.push_back({ { place }, std::move(cell) });
    }

    std::vector<RaceCell> take() { return std::move(m_cells); }

private:
    std::vector<RaceCell> m_cells;
};

Strategy chosenStrategy(const RaceRequest& request, RaceLine line)
{
    return line == RaceLine::Attention ? request.attentionStrategy : request.lstmStrategy;
}

void addAsChosen(
    DistinctCells& cells, const RaceRequest& request, RacePlace place, SweepCell cell, int threads)
{
    const int rows = cell.batch;
    Strategy strategy = suitedStrategy(chosenStrategy(request, place.line), cell.pass);
    if (rows == 1 && strategy == Strategy::SubBatch)
        strategy = Strategy::Auto;
    cells.add(place, std::move(cell), strategy, std::min(request.subBatches, rows), threads);
}

void addTimes(DistinctCells& cells, const RaceRequest& request, RacePicture picture, int rows)
{
    for (int length : raceLengths(request))
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
            addAsChosen(cells, request, { picture, line }, raceCell(request, line, length, rows),
                request.threads);
}

void addSpeedUpsOfRows(DistinctCells& cells, const RaceRequest& request)
{
    for (int threads : request.threadCounts)
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
            addAsChosen(cells, request, { RacePicture::SpeedUpOfRows, line },
                raceCell(request, line, request.speedUpLength, request.rows), threads);
}

/// What each line is named after, whatever the strategy of the times.
void addSpeedUpsOfOne(DistinctCells& cells, const RaceRequest& request)
{
    const auto one = RacePicture::SpeedUpOfOne;
    const SweepCell lstm = raceCell(request, RaceLine::Lstm, request.speedUpLength, 1);
    const SweepCell attention = raceCell(request, RaceLine::Attention, request.speedUpLength, 1);
    const Strategy positions = suitedStrategy(Strategy::QueryBlock, request.pass);
    for (int threads : request.threadCounts) {
        cells.add({ one, RaceLine::Lstm }, lstm, Strategy::SubBatch, 1, threads);
        cells.add({ one, RaceLine::Attention }, attention, positions, 1, threads);
        if (threads > 1) // on one thread there is nothing to split for
            cells.add({ one, RaceLine::HiddenSplit }, lstm, Strategy::HiddenSplit, 1, threads);
    }
}

/// Whether more workers help while a text is being written, beside whether more rows do.
void addWriting(DistinctCells& cells, const RaceRequest& request)
{
    const int most = mostThreads(request);
    for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
        const auto cell = [&](int rows) {
            SweepCell written = raceCell(request, line, request.speedUpLength, rows);
            written.pass = SweepCell::Pass::Generation;
            return written;
        };
        const RacePlace place { RacePicture::Writing, line };
        cells.add(place, cell(1), Strategy::Sequential, 1, 1);
        if (most > 1)
            cells.add(place, cell(1),
                line == RaceLine::Attention ? Strategy::Head : Strategy::HiddenSplit, 1, most);
        if (request.rows > 1)
            addAsChosen(cells, request, place, cell(request.rows), most);
    }
}

void addLengths(DistinctCells& cells, const RaceRequest& request)
{
    if (request.rows > 1) {
        addTimes(cells, request, RacePicture::TimeOfRows, request.rows);
        addSpeedUpsOfRows(cells, request);
    }
    addTimes(cells, request, RacePicture::TimeOfOne, 1);
    addSpeedUpsOfOne(cells, request);
    if (request.pass == SweepCell::Pass::Inference)
        addWriting(cells, request);
}

/// On all threads as the user set it, and what a core makes of that many rows at once.
void addRows(DistinctCells& cells, const RaceRequest& request)
{
    for (int rows : raceRowCounts(request)) {
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
            const SweepCell cell = raceCell(request, line, request.speedUpLength, rows);
            for (RacePicture picture :
                { RacePicture::LatencyOfManyRows, RacePicture::ThroughputOfManyRows })
                addAsChosen(cells, request, { picture, line }, cell, request.threads);
            cells.add({ RacePicture::PeakShareOfManyRows, line }, cell, Strategy::Sequential, 1, 1);
        }
    }
}

void addSubBatches(DistinctCells& cells, const RaceRequest& request)
{
    for (int subBatches : raceSubBatchCounts(request))
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
            for (RacePicture picture :
                { RacePicture::TimeOfSubBatches, RacePicture::SpeedUpOfSubBatches })
                cells.add({ picture, line },
                    raceCell(request, line, request.speedUpLength, request.rows),
                    Strategy::SubBatch, subBatches, request.threads);
}

void addMemory(DistinctCells& cells, const RaceRequest& request)
{
    for (RacePicture picture : { RacePicture::ReadingMemory, RacePicture::TrainingMemory }) {
        RaceRequest counted = request;
        counted.pass = picture == RacePicture::TrainingMemory ? SweepCell::Pass::Training
                                                              : SweepCell::Pass::Inference;
        addTimes(cells, counted, picture, request.rows);
    }
}

std::vector<int> powersOfTwoAnd(int last, int included)
{
    std::vector<int> counts { included };
    for (int count = 1; count <= last; count *= 2)
        counts.push_back(count);
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    return counts;
}

} // namespace

SweepCell raceCell(const RaceRequest& request, RaceLine line, int length, int rows)
{
    const bool attention = line == RaceLine::Attention;
    SweepCell cell;
    cell.pass = request.pass;
    cell.length = length;
    cell.batch = rows;
    if (!request.models.lstm) {
        cell.compute = attention
            ? (request.causal ? SweepCell::Compute::AttentionCausal : SweepCell::Compute::Attention)
            : SweepCell::Compute::Lstm;
        cell.width = request.width;
        cell.heads = attention ? request.heads : 0; // as `timestep bench` has it
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
    DistinctCells cells;
    switch (request.question) {
    case RaceQuestion::Length:
        addLengths(cells, request);
        break;
    case RaceQuestion::Rows:
        addRows(cells, request);
        break;
    case RaceQuestion::SubBatches:
        addSubBatches(cells, request);
        break;
    case RaceQuestion::Memory:
        addMemory(cells, request);
        break;
    }
    return cells.take();
}

int raceRepeats(const RaceRequest& request)
{
    return request.question == RaceQuestion::Memory ? 1 : request.repeats;
}

std::vector<int> raceLengths(const RaceRequest& request)
{
    std::vector<int> lengths;
    for (int length = ShortestRaceLength; length <= request.longest; length *= 2)
        lengths.push_back(length);
    return lengths;
}

std::vector<int> raceRowCounts(const RaceRequest& request)
{
    constexpr int Many = 64;
    return powersOfTwoAnd(std::max(Many, request.rows), request.rows);
}

std::vector<int> raceSubBatchCounts(const RaceRequest& request)
{
    return powersOfTwoAnd(request.rows, request.rows);
}

int mostThreads(const RaceRequest& request)
{
    int most = 1;
    for (int threads : request.threadCounts) // ascending
        if (threads <= std::max(request.cores, 2))
            most = threads;
    return most;
}

bool samePlans(const RaceRequest& left, const RaceRequest& right)
{
    const auto key = [](const RaceRequest& request) {
        const bool executed = request.question == RaceQuestion::SubBatches;
        return std::tuple(request.question, request.pass, request.models.lstm,
            request.models.attention, request.causal, request.width, request.heads, request.rows,
            request.speedUpLength, executed ? request.threads : 0);
    };
    return key(left) == key(right);
}

Strategy suitedStrategy(Strategy wished, SweepCell::Pass pass)
{
    const bool oneStep = pass == SweepCell::Pass::Generation
        && (wished == Strategy::LayerWavefront || wished == Strategy::QueryBlock);
    const bool untrainable = pass == SweepCell::Pass::Training && !trains(wished);
    return oneStep || untrainable ? Strategy::Auto : wished;
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

int speedUpLength(int tokens, int rows)
{
    return std::min(static_cast<int>(
                        std::bit_ceil(static_cast<unsigned>(std::max(tokens, ShortestRaceLength)))),
        longestSpeedUpLength(rows));
}

int longestSpeedUpLength(int rows)
{
    constexpr int MostPositions = 8192; // of all rows
    constexpr int Longest = 256;
    return static_cast<int>(std::bit_floor(
        static_cast<unsigned>(std::clamp(MostPositions / rows, ShortestRaceLength, Longest))));
}

} // namespace timestep
