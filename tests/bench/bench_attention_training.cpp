// SPDX-License-Identifier: GPL-3.0-or-later
// Training steps of whole blocks and of bare layers beside each other, one thread, as shares of
// what the multiply-add units do: D 160, 5 heads, 4 layers, 128 steps, 8 rows, causal.
#include "engine/execution/executor.h"
#include "engine/measurement/peak_flops.h"
#include "engine/training/bare_training.h"
#include "tests/engine/block_training.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace timestep;

namespace {

PlanShape shapeOf(bool bare)
{
    PlanShape shape;
    shape.kind = ModelKind::Attention;
    shape.layers = 4;
    shape.width = 160;
    shape.heads = 5;
    shape.steps = 128;
    shape.rows = 8;
    shape.training = true;
    shape.bareLayer = bare;
    return shape;
}

double flopsOf(const Plan& plan)
{
    double flops = 0;
    for (const Operation& operation : plan.operations())
        flops += operation.flops;
    return flops;
}

double gflops(Executor& executor, const Plan& plan, Computation& computation)
{
    const auto begin = std::chrono::steady_clock::now();
    executor.run(plan, computation, {});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    return flopsOf(plan) / seconds.count() * 1e-9;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main()
{
    Cut cut;
    cut.grain = Grain::Executed;
    cut.rowsTogether = 1;
    const Plan blockPlan = makePlan(shapeOf(false), cut);
    const Plan barePlan = makePlan(shapeOf(true), cut);
    BlockTraining blocks(shapeOf(false), defaultKernels(), BlockTraining::Input::Text);
    BareTraining bare(shapeOf(true), defaultKernels(), 1);
    MemoryAccount account;
    const auto blockStep = blocks.prepare(blockPlan, 1, account);
    const auto bareStep = bare.prepare(barePlan, 1, account);
    Executor executor(1);
    std::vector<double> ofBlocks;
    std::vector<double> ofBare;
    std::vector<double> peak;
    for (int repeat = 0; repeat < 41; ++repeat) { // interleaved: clock and neighbours change
        peak.push_back(measuredPeakGflops(1));
        ofBare.push_back(gflops(executor, barePlan, *bareStep));
        ofBlocks.push_back(gflops(executor, blockPlan, *blockStep));
    }
    std::printf("peak %.1f GFLOP/s, bare layers %.1f (%.0f %%), whole blocks %.1f (%.0f %%), "
                "%.2f ms\n",
        median(peak), median(ofBare), 100 * median(ofBare) / median(peak), median(ofBlocks),
        100 * median(ofBlocks) / median(peak), flopsOf(blockPlan) / median(ofBlocks) * 1e-6);
}
