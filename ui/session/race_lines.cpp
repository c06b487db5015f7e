// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_lines.h"

#include "engine/execution/plan.h"
#include "engine/execution/plan_analysis.h"
#include "engine/measurement/timed_passes.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int MostWorkers = 4096;

Cut everyRowByItself(int rows)
{
    Cut cut;
    cut.strategy = Strategy::SubBatch;
    cut.subBatches = rows;
    return cut;
}

double speedUp(const Plan& plan, double work, int workers, const std::stop_token& stop)
{
    const double length = listSchedule(plan, workers, stop).length;
    return length > 0 ? work / length : 1;
}

PlannedLine lineOf(
    RacePicture picture, RaceLine line, const Plan& plan, const std::stop_token& stop)
{
    const PlanSummary summary = summarize(plan);
    PlannedLine planned { picture, line, plan.shape().rows, plan.shape().steps, {},
        summary.parallelism };
    for (int workers = 1; workers <= MostWorkers && !stop.stop_requested(); workers *= 2)
        planned.points.push_back({ workers, speedUp(plan, summary.work, workers, stop) });
    return planned;
}

PlannedLine hiddenSplitLine(const PlanShape& shape, const std::stop_token& stop)
{
    PlannedLine planned { RacePicture::SpeedUpOfOne, RaceLine::HiddenSplit, 1, shape.steps, {}, 1 };
    Cut cut;
    cut.strategy = Strategy::HiddenSplit;
    double last = 1;
    for (int workers = 1; workers <= MostWorkers && !stop.stop_requested(); workers *= 2) {
        if (workers / 2 < shape.width) { // else there are no more units to give away
            cut.slices = std::min(workers, shape.width);
            const Plan plan = makePlan(shape, cut);
            const PlanSummary summary = summarize(plan);
            planned.most = std::max(planned.most, summary.parallelism);
            last = speedUp(plan, summary.work, workers, stop);
        }
        planned.points.push_back({ workers, last });
    }
    return planned;
}

} // namespace

void planLines(const RaceRequest& request, const std::stop_token& stop,
    const std::function<void(const PlannedLine&)>& give)
{
    const auto shape = [&](RaceLine line, int rows) {
        return shapeOf(raceCell(request, line, request.speedUpLength, rows));
    };
    const auto giveWhole = [&](const PlannedLine& line) {
        if (!stop.stop_requested())
            give(line);
    };
    // One row as it is executed: a sub-batch is one task, whatever its halves could do.
    Cut executed = everyRowByItself(1);
    executed.grain = Grain::Executed;
    const PlanShape lstm = shape(RaceLine::Lstm, 1);
    const auto one = RacePicture::SpeedUpOfOne;
    PlannedLine alone = lineOf(one, RaceLine::Lstm, makePlan(lstm, executed), stop);
    alone.most = alone.points.empty() ? 1 : alone.points.back().speedUp;
    giveWhole(alone);
    giveWhole(lineOf(one, RaceLine::Attention,
        makePlan(shape(RaceLine::Attention, 1), everyRowByItself(1)), stop));
    giveWhole(hiddenSplitLine(lstm, stop));
    for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
        if (request.rows == 1 || stop.stop_requested())
            return;
        giveWhole(lineOf(RacePicture::SpeedUpOfRows, line,
            makePlan(shape(line, request.rows), everyRowByItself(request.rows)), stop));
    }
}

} // namespace timestep
