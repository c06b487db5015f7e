// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_lines.h"

#include "engine/execution/plan.h"
#include "engine/execution/plan_analysis.h"
#include "engine/execution/strategy_choice.h"
#include "engine/measurement/timed_passes.h"
#include "ui/session/race_plan.h"

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
    PlannedLine planned { picture, line, plan.shape().rows, plan.shape().newSteps(), {},
        summary.parallelism };
    for (int workers = 1; workers <= MostWorkers && !stop.stop_requested(); workers *= 2)
        planned.points.push_back({ workers, speedUp(plan, summary.work, workers, stop) });
    return planned;
}

PlannedLine hiddenSplitLine(const PlanShape& shape, const std::stop_token& stop)
{
    PlannedLine planned { RacePicture::SpeedUpOfOne, RaceLine::HiddenSplit, 1, shape.newSteps(), {}, 1 };
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

PlanShape plannedShape(const RaceRequest& request, RaceLine line, int rows)
{
    return shapeOf(raceCell(request, line, request.speedUpLength, rows));
}

class LinePlanner
{
public:
    LinePlanner(const RaceRequest& request, const std::stop_token& stop,
        const std::function<void(const PlannedLine&)>& give)
        : m_request(request)
        , m_stop(stop)
        , m_give(give)
    {
    }

    void planWorkersOfOneRow() const
    {
        // As it is executed: a sub-batch is one task, whatever its halves could do.
        Cut executed = everyRowByItself(1);
        executed.grain = Grain::Executed;
        const PlanShape lstm = plannedShape(m_request, RaceLine::Lstm, 1);
        const auto one = RacePicture::SpeedUpOfOne;
        PlannedLine alone = lineOf(one, RaceLine::Lstm, makePlan(lstm, executed), m_stop);
        alone.most = alone.points.empty() ? 1 : alone.points.back().speedUp;
        giveWhole(alone);
        giveWhole(lineOf(one, RaceLine::Attention,
            makePlan(plannedShape(m_request, RaceLine::Attention, 1), everyRowByItself(1)),
            m_stop));
        giveWhole(hiddenSplitLine(lstm, m_stop));
    }

    void planWorkersOfAllRows() const
    {
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
            if (m_request.rows > 1 && !m_stop.stop_requested())
                giveWhole(lineOf(RacePicture::SpeedUpOfRows, line,
                    makePlan(plannedShape(m_request, line, m_request.rows),
                        everyRowByItself(m_request.rows)),
                    m_stop));
    }

    void planSubBatches() const
    {
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
            const PlanShape shape = plannedShape(m_request, line, m_request.rows);
            PlannedLine planned { RacePicture::SpeedUpOfSubBatches, line, m_request.rows,
                m_request.speedUpLength, {}, 1 };
            for (int subBatches : raceSubBatchCounts(m_request)) {
                const Plan plan = makePlan(
                    shape, executedCut(shape, Strategy::SubBatch, subBatches, m_request.threads));
                const double bound = speedUpBound(plan, m_request.threads, m_request.cores);
                planned.points.push_back({ subBatches, bound });
                planned.most = std::max(planned.most, bound);
            }
            giveWhole(planned);
        }
    }

private:
    void giveWhole(const PlannedLine& line) const
    {
        if (!m_stop.stop_requested())
            m_give(line);
    }

    const RaceRequest& m_request;
    const std::stop_token& m_stop;
    const std::function<void(const PlannedLine&)>& m_give;
};

} // namespace

void planLines(const RaceRequest& request, const std::stop_token& stop,
    const std::function<void(const PlannedLine&)>& give)
{
    const LinePlanner planner(request, stop, give);
    if (request.question == RaceQuestion::Length) {
        planner.planWorkersOfOneRow();
        planner.planWorkersOfAllRows();
    } else if (request.question == RaceQuestion::SubBatches) {
        planner.planSubBatches();
    }
}

} // namespace timestep
