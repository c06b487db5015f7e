// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/kernels.h"

#include <benchmark/benchmark.h>
#include <string>
#include <utility>

using namespace timestep;

namespace {

AlignedFloats ramp(std::size_t count)
{
    AlignedFloats values(count);
    for (std::size_t i = 0; i < count; ++i)
        values.data()[i] = static_cast<float>(i % 13) * 0.1F - 0.6F;
    return values;
}

void multiply(benchmark::State& state, const Kernels* kernels)
{
    const int rows = static_cast<int>(state.range(0));
    const int depth = static_cast<int>(state.range(1));
    const int columns = static_cast<int>(state.range(2));
    const PackedMatrix b(
        depth, columns, [](int k, int n) { return static_cast<float>((k + n) % 7) * 0.1F; });
    const AlignedFloats a = ramp(static_cast<std::size_t>(rows) * depth);
    AlignedFloats c(static_cast<std::size_t>(rows) * columns);
    Product product;
    product.a = a.data();
    product.aStride = static_cast<std::size_t>(depth);
    product.b = b.view();
    product.columns = columns;
    product.rows = rows;
    product.c = c.data();
    product.cStride = static_cast<std::size_t>(columns);
    for (auto _ : state)
        kernels->multiply(product);
    state.counters["flop/s"] = benchmark::Counter(
        2.0 * rows * depth * columns, benchmark::Counter::kIsIterationInvariantRate);
}

void lstmStep(benchmark::State& state, const Kernels* kernels)
{
    constexpr int rows = 8;
    const std::size_t units = static_cast<std::size_t>(state.range(0));
    AlignedFloats gates = ramp(4 * rows * units);
    AlignedFloats cell(rows * units);
    AlignedFloats hidden(rows * units);
    LstmStep step;
    step.gates = gates.data();
    step.gatesStride = 4 * units;
    step.cell = cell.data();
    step.cellStride = units;
    step.hidden = hidden.data();
    step.hiddenStride = units;
    step.rows = rows;
    step.units = static_cast<int>(units);
    for (auto _ : state)
        kernels->lstmStep(step);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows * units));
}

void softmaxTile(benchmark::State& state, const Kernels* kernels)
{
    constexpr int rows = 16;
    constexpr int width = 64;
    const int keys = static_cast<int>(state.range(0));
    AlignedFloats scores = ramp(static_cast<std::size_t>(rows) * keys);
    AlignedFloats largest(rows);
    AlignedFloats sums(rows * laneCount);
    AlignedFloats mixed(rows * width);
    SoftmaxTile tile;
    tile.scores = scores.data();
    tile.scoresStride = static_cast<std::size_t>(keys);
    tile.rows = rows;
    tile.keys = keys;
    tile.visible = keys;
    tile.largest = largest.data();
    tile.laneSums = sums.data();
    tile.mixed = mixed.data();
    tile.mixedStride = width;
    for (auto _ : state)
        kernels->softmaxTile(tile);
    state.SetItemsProcessed(state.iterations() * rows * keys);
}

void layerNorm(benchmark::State& state, const Kernels* kernels)
{
    const int width = static_cast<int>(state.range(0));
    const AlignedFloats x = ramp(static_cast<std::size_t>(width));
    AlignedFloats y(static_cast<std::size_t>(width));
    for (auto _ : state)
        kernels->layerNorm({ x.data(), x.data(), x.data(), y.data(), width, 1e-5F });
    state.SetItemsProcessed(state.iterations() * width);
}

void lstmStepBackward(benchmark::State& state, const Kernels* kernels)
{
    constexpr int rows = 8;
    const std::size_t units = static_cast<std::size_t>(state.range(0));
    const AlignedFloats gates = ramp(4 * rows * units);
    const AlignedFloats cell = ramp(rows * units);
    const AlignedFloats hiddenGradient = ramp(rows * units);
    AlignedFloats cellGradient(rows * units);
    AlignedFloats gateGradient(4 * rows * units);
    LstmStepBackward step;
    step.gates = gates.data();
    step.gatesStride = 4 * units;
    step.cell = cell.data();
    step.cellBefore = cell.data();
    step.cellStride = units;
    step.hiddenGradient = hiddenGradient.data();
    step.hiddenGradientStride = units;
    step.fromAbove = hiddenGradient.data();
    step.fromAboveStride = units;
    step.cellGradient = cellGradient.data();
    step.cellGradientStride = units;
    step.gateGradient = gateGradient.data();
    step.gateGradientStride = 4 * units;
    step.rows = rows;
    step.units = static_cast<int>(units);
    for (auto _ : state)
        kernels->lstmStepBackward(step); // cellGradient stays bounded: forget gates are below 1
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows * units));
}

void layerNormBackward(benchmark::State& state, const Kernels* kernels)
{
    const int width = static_cast<int>(state.range(0));
    const AlignedFloats values = ramp(static_cast<std::size_t>(width));
    AlignedFloats inputGradient(static_cast<std::size_t>(width));
    LayerNormBackwardRow row;
    row.normalized = values.data();
    row.inverseDeviation = 1;
    row.gain = values.data();
    row.gradient = values.data();
    row.inputGradient = inputGradient.data();
    row.count = width;
    for (auto _ : state)
        kernels->layerNormBackward(row);
    state.SetItemsProcessed(state.iterations() * width);
}

/// With even shares and their number as the scale, gradients lose their mean and then stay as they
/// are: no denormal numbers, however often it runs.
void softmaxBackward(benchmark::State& state, const Kernels* kernels)
{
    constexpr int columns = 64;
    const std::size_t keys = static_cast<std::size_t>(state.range(0));
    AlignedFloats affinity(keys * columns);
    for (std::size_t i = 0; i < affinity.count(); ++i)
        affinity.data()[i] = 1 / static_cast<float>(keys);
    AlignedFloats gradient = ramp(keys * columns);
    SoftmaxBackward softmax;
    softmax.affinity = affinity.data();
    softmax.affinityStride = columns;
    softmax.gradient = gradient.data();
    softmax.gradientStride = columns;
    softmax.keys = static_cast<int>(keys);
    softmax.columns = columns;
    softmax.scale = static_cast<float>(keys);
    for (auto _ : state)
        kernels->softmaxBackward(softmax);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(keys * columns));
}

void powersOfTwo(benchmark::State& state, const Kernels* kernels)
{
    const std::size_t count = static_cast<std::size_t>(state.range(0));
    const AlignedFloats x = ramp(count);
    AlignedFloats y(count);
    for (auto _ : state)
        kernels->powersOfTwo(x.data(), y.data(), count, 1);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

using ElementByElement = void (*)(const float* x, float* y, std::size_t count) noexcept;

/// For multiplyElements `y` is zero and stays so.
void elements(benchmark::State& state, ElementByElement function)
{
    const std::size_t count = static_cast<std::size_t>(state.range(0));
    const AlignedFloats x = ramp(count);
    AlignedFloats y(count);
    for (auto _ : state)
        function(x.data(), y.data(), count);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

} // namespace

int main(int argc, char** argv)
{
    for (const Kernels* kernels : availableKernels()) {
        const std::string name(kernels->name);
        benchmark::RegisterBenchmark(("multiply/" + name).c_str(), multiply, kernels)
            ->ArgNames({ "rows", "depth", "columns" })
            ->ArgsProduct({ { 1, 2, 4, 8, 32, 128 }, { 256 }, { 1024 } }) // an LSTM of 256 units
            ->Args({ 16, 64, 1024 }) // queries and 1,024 keys of a head of 64
            ->Args({ 16, 1024, 64 }); // their values
        benchmark::RegisterBenchmark(("lstmStep/" + name).c_str(), lstmStep, kernels)->Arg(256);
        benchmark::RegisterBenchmark(("softmaxTile/" + name).c_str(), softmaxTile, kernels)
            ->Arg(128);
        benchmark::RegisterBenchmark(("layerNorm/" + name).c_str(), layerNorm, kernels)->Arg(256);
        benchmark::RegisterBenchmark(
            ("lstmStepBackward/" + name).c_str(), lstmStepBackward, kernels)
            ->Arg(256);
        benchmark::RegisterBenchmark(
            ("layerNormBackward/" + name).c_str(), layerNormBackward, kernels)
            ->Arg(256);
        benchmark::RegisterBenchmark(("softmaxBackward/" + name).c_str(), softmaxBackward, kernels)
            ->Arg(128);
        benchmark::RegisterBenchmark(("powersOfTwo/" + name).c_str(), powersOfTwo, kernels)
            ->Arg(1024);
        const std::pair<const char*, ElementByElement> pointwise[] = { { "exp/", kernels->exp },
            { "sigmoid/", kernels->sigmoid }, { "tanh/", kernels->tanh },
            { "gelu/", kernels->gelu }, { "geluDerivative/", kernels->geluDerivative },
            { "multiplyElements/", kernels->multiplyElements } };
        for (const auto& [entry, function] : pointwise)
            benchmark::RegisterBenchmark((entry + name).c_str(), elements, function)->Arg(1024);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
