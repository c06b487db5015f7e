// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/peak_flops.h"

#include "engine/measurement/together.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/measurement/peak_flops.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <chrono>
#include <cstdint>
#include <numeric>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Twelve chains cover two units of latency 4 with a margin, and leave every instruction set
/// registers for the factors. Returns the flops done; `seed` and `result` keep the compiler from
/// knowing the answer.
double multiplyAdd(std::int64_t iterations, float seed, float* result)
{
    const hn::ScalableTag<float> tag;
    const auto factor = hn::Set(tag, seed);
    const auto addend = hn::Set(tag, 1 - seed);
    // Equal chains would be computed once.
    auto a = hn::Set(tag, seed + 0);
    auto b = hn::Set(tag, seed + 1);
    auto c = hn::Set(tag, seed + 2);
    auto d = hn::Set(tag, seed + 3);
    auto e = hn::Set(tag, seed + 4);
    auto f = hn::Set(tag, seed + 5);
    auto g = hn::Set(tag, seed + 6);
    auto h = hn::Set(tag, seed + 7);
    auto i = hn::Set(tag, seed + 8);
    auto j = hn::Set(tag, seed + 9);
    auto k = hn::Set(tag, seed + 10);
    auto l = hn::Set(tag, seed + 11);
    for (std::int64_t iteration = 0; iteration < iterations; ++iteration) {
        a = hn::MulAdd(a, factor, addend);
        b = hn::MulAdd(b, factor, addend);
        c = hn::MulAdd(c, factor, addend);
        d = hn::MulAdd(d, factor, addend);
        e = hn::MulAdd(e, factor, addend);
        f = hn::MulAdd(f, factor, addend);
        g = hn::MulAdd(g, factor, addend);
        h = hn::MulAdd(h, factor, addend);
        i = hn::MulAdd(i, factor, addend);
        j = hn::MulAdd(j, factor, addend);
        k = hn::MulAdd(k, factor, addend);
        l = hn::MulAdd(l, factor, addend);
    }
    const auto sum = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, d)),
        hn::Add(hn::Add(hn::Add(e, f), hn::Add(g, h)), hn::Add(hn::Add(i, j), hn::Add(k, l))));
    *result = hn::GetLane(hn::SumOfLanes(tag, sum));
    return 12.0 * 2.0 * static_cast<double>(hn::Lanes(tag)) * static_cast<double>(iterations);
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace timestep {

HWY_EXPORT(multiplyAdd);

namespace {

using Clock = std::chrono::steady_clock;

/// Some microseconds at a time, so that all threads end within microseconds of each other. Returns
/// the flops done.
double computeUntil(Clock::time_point deadline)
{
    constexpr std::int64_t iterations = 2000;
    double flops = 0;
    float result = 0;
    do
        flops += HWY_DYNAMIC_DISPATCH(multiplyAdd)(iterations, 0.5F + result * 0, &result);
    while (Clock::now() < deadline);
    return flops;
}

} // namespace

double measuredPeakGflops(int threads, double milliseconds)
{
    const auto duration = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double, std::milli>(milliseconds));
    std::vector<double> flops(static_cast<std::size_t>(threads));
    const double nanoseconds
        = nanosecondsTogether(threads, [&](std::size_t index, Clock::time_point begin) {
              flops[index] = computeUntil(begin + duration);
          });
    return std::accumulate(flops.begin(), flops.end(), 0.0) / nanoseconds;
}

} // namespace timestep
#endif // HWY_ONCE
