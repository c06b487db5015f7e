// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/time_stamp.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#include <chrono>
#include <cmath>

namespace timestep {

namespace {

std::int64_t steadyNs() noexcept
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

#if defined(__x86_64__)
/// Bit "invariant TSC": the counter neither changes its rate nor stops.
bool counterRunsEvenly() noexcept
{
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    constexpr unsigned invariant = 1U << 8;
    return __get_cpuid(0x80000007U, &eax, &ebx, &ecx, &edx) != 0 && (edx & invariant) != 0;
}

const bool useCounter = counterRunsEvenly();
#endif

} // namespace

std::uint64_t TimeStamp::now() noexcept
{
#if defined(__x86_64__)
    if (useCounter) {
        // Unfenced, the counter could be read before a need is seen to be done, or before the
        // operation has ended.
        _mm_lfence();
        return __rdtsc();
    }
#endif
    return static_cast<std::uint64_t>(steadyNs());
}

TimeStamp::Reading TimeStamp::read() noexcept
{
    // The tightest of a few tries: an interruption between the clocks would tilt the whole scale.
    Reading best;
    std::uint64_t tightest = ~std::uint64_t { 0 };
    for (int attempt = 0; attempt < 5; ++attempt) {
        const std::uint64_t before = now();
        const std::int64_t ns = steadyNs();
        const std::uint64_t after = now();
        if (after - before < tightest) {
            tightest = after - before;
            best = { before + (after - before) / 2, ns };
        }
    }
    return best;
}

TimeStampScale::TimeStampScale(TimeStamp::Reading begin, TimeStamp::Reading end)
    : m_begin(begin.ticks)
    , m_nsPerTick(end.ticks > begin.ticks ? static_cast<double>(end.steadyNs - begin.steadyNs)
                  / static_cast<double>(end.ticks - begin.ticks)
                                          : 0)
{
}

std::int64_t TimeStampScale::nsSinceBegin(std::uint64_t ticks) const
{
    const auto since = static_cast<std::int64_t>(ticks - m_begin);
    return std::llround(static_cast<double>(since) * m_nsPerTick);
}

} // namespace timestep
