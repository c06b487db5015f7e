// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/influence_sweep.h"
#include "engine/model/untrained_model.h"

#include <benchmark/benchmark.h>
#include <string>

using namespace timestep;

namespace {

std::vector<TokenId> someTokens(std::int64_t count, int vocabulary)
{
    std::vector<TokenId> tokens;
    for (std::int64_t t = 0; t < count; ++t)
        tokens.push_back(static_cast<TokenId>(t * 7919 % vocabulary));
    return tokens;
}

void sweep(benchmark::State& state, const ModelPointer& model, const Kernels* kernels)
{
    const PackedModel packed(model, *kernels);
    const InfluenceSweep influence(packed);
    const std::vector<TokenId> tokens = someTokens(state.range(0), model->shape.vocabulary);
    for (auto _ : state)
        benchmark::DoNotOptimize(influence.run(tokens, true, {}));
}

/// The readable twin, in double.
void twin(benchmark::State& state, const ModelPointer& model)
{
    const std::vector<TokenId> tokens = someTokens(state.range(0), model->shape.vocabulary);
    for (auto _ : state)
        benchmark::DoNotOptimize(influence<double>(*model, tokens, true, {}));
}

/// Packing the weights both ways, which a model needs once.
void pack(benchmark::State& state, const ModelPointer& model, const Kernels* kernels)
{
    for (auto _ : state) {
        const PackedModel packed(model, *kernels);
        const InfluenceSweep influence(packed);
        benchmark::DoNotOptimize(&influence);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const ModelPair pair = untrainedPair(Vocabulary::bundled(), 1);
    for (const ModelPointer& model : { pair.lstm, pair.attention }) {
        for (const Kernels* kernels : availableKernels()) {
            const std::string name = model->name + "/" + std::string(kernels->name);
            benchmark::RegisterBenchmark(("sweep/" + name).c_str(), sweep, model, kernels)
                ->ArgName("tokens")
                ->Arg(64)
                ->Arg(256)
                ->Arg(1024)
                ->MeasureProcessCPUTime()
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
        }
        benchmark::RegisterBenchmark(
            ("pack/" + model->name).c_str(), pack, model, &defaultKernels())
            ->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark(("twin/" + model->name).c_str(), twin, model)
            ->ArgName("tokens")
            ->Arg(64)
            ->Arg(256)
            ->MeasureProcessCPUTime()
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
