// SPDX-License-Identifier: GPL-3.0-or-later
// What the trace costs: the same plan run with and without it in turns, as the ratio of the times.
//   bench_trace
#include "tests/engine/computation_cases.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

using namespace timestep;

namespace {

double milliseconds(Executor& executor, const Plan& plan, Computation& computation, Trace* trace)
{
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    executor.run(plan, computation, {}, trace);
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double median(std::vector<double> values)
{
    std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
    return values[values.size() / 2];
}

void measure(const char* name, const PlanShape& shape, const Cut& cut, int threads)
{
    constexpr int repeats = 401;
    BareLayer layer(shape, defaultKernels(), 1);
    Executor executor(threads);
    const Plan plan = makePlan(layer.shape(), cut);
    MemoryAccount account;
    const auto computation = layer.prepare(plan, threads, account);
    Trace trace;
    std::vector<double> without;
    std::vector<double> ratios;
    executor.warmUp(50);
    for (int repeat = 0; repeat < repeats; ++repeat) {
        // Each goes first half of the time.
        double plain = 0;
        if (repeat % 2 == 0)
            plain = milliseconds(executor, plan, *computation, nullptr);
        const double traced = milliseconds(executor, plan, *computation, &trace);
        if (repeat % 2 != 0)
            plain = milliseconds(executor, plan, *computation, nullptr);
        without.push_back(plain);
        ratios.push_back(traced / plain);
    }
    std::printf("%-44s %d threads %6zu spans  %8.3f ms  with the trace x %.4f\n", name, threads,
        trace.spans.size(), median(without), median(ratios));
}

} // namespace

int main()
{
    const int most = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    for (const int threads : { 1, most }) {
        measure("LSTM, 128 steps, 32 rows, sub-batches", bareLstm(1, 256, 128, 32),
            cutOf(Strategy::SubBatch, threads), threads);
        measure("attention, 128 positions, 32 rows, sub-batches",
            bareAttention(1, 256, 4, 128, 32, true), cutOf(Strategy::SubBatch, threads), threads);
        measure("LSTM, 128 steps, one row, slices of units", bareLstm(1, 256, 128, 1),
            cutOf(Strategy::HiddenSplit, 1, 16, 64, threads), threads);
    }
}
