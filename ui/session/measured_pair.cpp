// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/measured_pair.h"

#include "engine/execution/plan_analysis.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <utility>

namespace timestep {

namespace {

bool overlap(IndexRange a, IndexRange b) { return a.begin < b.end && b.begin < a.end; }

/// Of parts of a step: an empty range is the whole of it.
bool sharePart(IndexRange a, IndexRange b)
{
    return a.count() == 0 || b.count() == 0 || overlap(a, b);
}

/// Whether what is planned as one kind may be executed as another: heads are split or not.
bool computes(OperationKind executed, OperationKind planned)
{
    if (executed == planned)
        return true;
    const bool whole = planned == OperationKind::Block;
    return whole ? executed == OperationKind::Attend || executed == OperationKind::Combine
                 : executed == OperationKind::Block
            && (planned == OperationKind::Attend || planned == OperationKind::Combine);
}

/// The operations of a fine plan by layer and step.
class PlannedCells
{
public:
    explicit PlannedCells(const Plan& plan)
        : m_steps(plan.shape().steps)
        , m_cells(std::size_t(plan.shape().layers) * std::size_t(m_steps))
    {
        const auto operations = plan.operations();
        for (std::size_t i = 0; i < operations.size(); ++i)
            m_cells[indexOf(operations[i].layer, operations[i].steps.begin)].push_back(int(i));
    }

    const std::vector<int>& at(int layer, int step) const { return m_cells[indexOf(layer, step)]; }

private:
    std::size_t indexOf(int layer, int step) const
    {
        return std::size_t(layer) * std::size_t(m_steps) + std::size_t(step);
    }

    int m_steps;
    std::vector<std::vector<int>> m_cells;
};

Schedule scheduleOf(const Plan& planned, const TracedGroup& group)
{
    Schedule schedule;
    schedule.workers = int(group.lanes.size());
    schedule.length = double(group.endNs);
    schedule.operations.resize(
        planned.operations().size(), { std::numeric_limits<double>::max(), 0, -1 });
    const PlannedCells cells(planned);
    for (const Span& span : group.trace.spans) {
        const Operation& executed = group.plan.operations()[std::size_t(span.operation)];
        for (int step = executed.steps.begin; step < executed.steps.end; ++step) {
            for (const int index : cells.at(executed.layer, step)) {
                const Operation& operation = planned.operations()[std::size_t(index)];
                if (!computes(executed.kind, operation.kind)
                    || !overlap(executed.rows, operation.rows)
                    || !sharePart(executed.units, operation.units)
                    || !sharePart(executed.heads, operation.heads))
                    continue;
                ScheduledOperation& ran = schedule.operations[std::size_t(index)];
                ran.begin = std::min(ran.begin, double(span.beginNs));
                if (double(span.endNs) >= ran.end) {
                    ran.end = double(span.endNs);
                    ran.worker = span.lane;
                }
            }
        }
    }
    return schedule;
}

double workedNs(const Trace& trace)
{
    double ns = 0;
    for (const Span& span : trace.spans)
        ns += double(span.endNs - span.beginNs);
    return ns;
}

} // namespace

bool runsWhatIsPlanned(const PlannedPair& planned, const TracedRun& run)
{
    if (run.groups.size() < 2)
        return false;
    const auto same = [](const PlannedModel& model, const TracedGroup& group) {
        const PlanShape& a = model.plan.shape();
        const PlanShape& b = group.plan.shape();
        return !a.training && !a.beingWritten && a.kind == b.kind && a.layers == b.layers
            && a.steps == b.steps && a.rows == b.rows && a.width == b.width && a.causal == b.causal
            && a.attentionWindow == b.attentionWindow;
    };
    return same(planned.lstm, run.groups[0]) && same(planned.attention, run.groups[1]);
}

MeasuredPairPointer measuredPair(const PlannedPair& planned, const TracedRun& run)
{
    assert(runsWhatIsPlanned(planned, run));
    auto measured = std::make_shared<MeasuredPair>();
    measured->threads = run.request.settings.threads;
    measured->cores = run.request.cores;
    measured->disturbed = run.disturbed();
    const PlanShape& lstm = planned.lstm.plan.shape();
    const double lstmSteps = 1.0 * lstm.steps * lstm.layers * planned.lstm.plan.cut().subBatches;
    measured->nsPerUnit = std::max(1.0, workedNs(run.groups[0].trace) / lstmSteps);

    PlannedPair ran = planned;
    ran.lstm.schedule = scheduleOf(planned.lstm.plan, run.groups[0]);
    ran.attention.schedule = scheduleOf(planned.attention.plan, run.groups[1]);
    ran.unitFlops = measured->nsPerUnit;
    ran.workers = measured->threads;
    ran.moments.clear();
    const int workers = std::max(1, std::min(measured->threads, measured->cores));
    for (std::size_t model = 0; model < 2; ++model) {
        const TracedGroup& group = run.groups[model];
        const PlannedModel& cells = model == 0 ? ran.lstm : ran.attention;
        measured->ns[model] = double(group.endNs);
        measured->plannedUnits[model]
            = listSchedule(group.plan, workers).length / planned.unitFlops;
        for (const ScheduledOperation& operation : cells.schedule.operations) {
            ran.moments.push_back(operation.begin / ran.unitFlops);
            ran.moments.push_back(operation.end / ran.unitFlops);
        }
    }
    std::sort(ran.moments.begin(), ran.moments.end());
    ran.moments.erase(std::unique(ran.moments.begin(), ran.moments.end()), ran.moments.end());
    measured->pair = std::make_shared<const PlannedPair>(std::move(ran));
    return measured;
}

} // namespace timestep
