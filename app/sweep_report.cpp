// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep_report.h"

#include "app/text_table.h"
#include "engine/measurement/point_quality.h"
#include "engine/measurement/sweep_columns.h"
#include "engine/measurement/timed_passes.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

std::vector<std::string> textHead()
{
    return { "compute", "strategy", "length", "rows", "sub-batches", "threads", "median ms",
        "95 % interval", "GFLOP", "GFLOP/s", "of peak", "memory GB/s", "tokens/s", "bound", "error",
        "disturbed" };
}

std::vector<std::string> textLine(const SweepPoint& point)
{
    const auto fixed = [](double value, int digits) { return numberText(value, digits); };
    const SweepCell& cell = point.cell;
    const std::optional<double> share = shareOfPeak(point);
    const double tokens = 1e3 * shapeOf(cell).newSteps() * cell.batch / point.medianMs;
    return { computeName(cell), std::string(strategyName(cell.strategy)),
        std::to_string(cell.length), std::to_string(cell.batch), std::to_string(cell.subBatches),
        std::to_string(cell.threads), fixed(point.medianMs, 4),
        fixed(point.lowerMedianMs, 4) + " – " + fixed(point.upperMedianMs, 4),
        fixed(point.flops / 1e9, 4), fixed(point.gflops, 1),
        share ? fixed(100 * *share, 0) + " %" : "not known", fixed(point.readGBps, 0),
        fixed(tokens, 0), fixed(point.speedUpBound, 2),
        std::isfinite(point.maxError) ? numberText(point.maxError, 1, std::chars_format::scientific)
                                      : "not compared",
        std::to_string(point.disturbed) + " of " + std::to_string(point.repeats) };
}

} // namespace

std::string sweepText(const std::vector<SweepPoint>& points)
{
    std::vector<std::vector<std::string>> lines { textHead() };
    std::transform(points.begin(), points.end(), std::back_inserter(lines), textLine);
    const std::string head = points.empty() ? "" : "kernel " + points.front().kernel + '\n';
    return head + textTable(lines, 2);
}

} // namespace timestep
