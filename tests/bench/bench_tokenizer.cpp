// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/resource_folder.h"
#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary_learner.h"
#include "engine/whole_file.h"

#include <benchmark/benchmark.h>
#include <cctype>
#include <string>

using namespace timestep;

namespace {

std::string repeated(const std::string& text, std::size_t length)
{
    std::string result;
    while (result.size() < length)
        result += text;
    result.resize(length);
    return result;
}

std::string page() { return readWholeFile(resourceFolder() / "samples" / "loomings.txt"); }

std::string lettersOf(const std::string& text)
{
    std::string letters;
    for (const char letter : text) {
        if (std::isalpha(static_cast<unsigned char>(letter)) != 0)
            letters += letter;
    }
    return letters;
}

void encode(benchmark::State& state, const std::string& repeating)
{
    const Tokenizer tokenizer(Vocabulary::bundled());
    const std::string text = repeated(repeating, static_cast<std::size_t>(state.range(0)));
    for (auto iteration : state)
        benchmark::DoNotOptimize(tokenizer.encode(text));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

/// Bytes a second must not fall with the length, nor be lower for one long word.
void prose(benchmark::State& state) { encode(state, page()); }
BENCHMARK(prose)->Arg(1000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

void oneWord(benchmark::State& state) { encode(state, lettersOf(page())); }
BENCHMARK(oneWord)->Arg(1000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

void oneLetter(benchmark::State& state) { encode(state, "a"); }
BENCHMARK(oneLetter)->Arg(100'000);

void spaces(benchmark::State& state) { encode(state, " "); }
BENCHMARK(spaces)->Arg(100'000);

void loadBundledVocabulary(benchmark::State& state)
{
    for (auto iteration : state)
        benchmark::DoNotOptimize(Vocabulary::load(resourceFolder() / "vocabulary"));
}
BENCHMARK(loadBundledVocabulary)->Unit(benchmark::kMillisecond);

void learn(benchmark::State& state)
{
    const std::string text = repeated(page(), 1'000'000);
    for (auto iteration : state)
        benchmark::DoNotOptimize(learnVocabulary({ text }, static_cast<int>(state.range(0)), {}));
}
BENCHMARK(learn)->Arg(100)->Arg(400)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
