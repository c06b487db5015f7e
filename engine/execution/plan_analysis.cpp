// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/plan_analysis.h"

#include "engine/execution/needs_sweep.h"

#include <algorithm>

namespace timestep {

namespace {

/// Whether a cell, a layer at a step, is done with it.
bool endsCell(OperationKind kind)
{
    switch (kind) {
    case OperationKind::RecurrentHalf:
    case OperationKind::Combine:
    case OperationKind::Block:
    case OperationKind::RecurrentBackward:
    case OperationKind::BlockBackward:
        return true;
    case OperationKind::InputHalf:
    case OperationKind::KeysValues:
    case OperationKind::Attend:
    case OperationKind::InputBackward:
    case OperationKind::WeightGradients:
    case OperationKind::Reduction:
    case OperationKind::Loss:
    case OperationKind::EmbeddingGradients:
    case OperationKind::GradientNorm:
    case OperationKind::Update:
    case OperationKind::Averaging:
        break;
    }
    return false;
}

} // namespace

int cellsInSequence(const Plan& plan)
{
    const auto operations = plan.operations();
    const auto counts = sweepForward<int>(plan, [&](int operation, int before) {
        return before + (endsCell(operations[static_cast<std::size_t>(operation)].kind) ? 1 : 0);
    });
    return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

PlanSummary summarize(const Plan& plan)
{
    PlanSummary summary;
    const auto operations = plan.operations();
    if (operations.empty())
        return summary;
    const auto finished = sweepForward<double>(plan, [&](int operation, double needsFinished) {
        return needsFinished + operations[static_cast<std::size_t>(operation)].flops;
    });
    // Earliest end at unit cost, so that 0 stands for "needs nothing"; all costs being one, as many
    // operations share an earliest start as share an earliest end.
    const auto levels
        = sweepForward<int>(plan, [](int, int needsFinished) { return needsFinished + 1; });
    std::vector<int> widths(operations.size() + 1);
    for (const int level : levels)
        ++widths[static_cast<std::size_t>(level)];

    for (const Operation& operation : operations)
        summary.work += operation.flops;
    summary.span = *std::max_element(finished.begin(), finished.end());
    summary.parallelism = summary.span > 0 ? summary.work / summary.span : 1;
    summary.width = *std::max_element(widths.begin(), widths.end());
    return summary;
}

double speedUpBound(const Plan& executedPlan, int threads, int cores)
{
    const int workers = std::max(1, std::min(threads, cores));
    const double length = listSchedule(executedPlan, workers).length;
    return length > 0 ? summarize(executedPlan).work / length : 1;
}

} // namespace timestep
