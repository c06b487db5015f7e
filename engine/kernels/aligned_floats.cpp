// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/aligned_floats.h"

#include <cstring>
#include <limits>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace timestep {

namespace {

constexpr std::size_t cacheLine = 64;
constexpr std::size_t hugePage = std::size_t { 2 } << 20;

/// Only pages that are used whole: the rest of a huge page would be memory that nobody asked for.
void askForHugePages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes)
{
#ifdef __linux__
    madvise(data, bytes / hugePage * hugePage, MADV_HUGEPAGE); // where refused, small ones do
#endif
}

} // namespace

float* AlignedFloats::allocate(std::size_t count)
{
    if (count == 0)
        return nullptr;
    if (count > (std::numeric_limits<std::size_t>::max() - hugePage) / sizeof(float))
        throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(float);
    const bool large = bytes >= 2 * hugePage;
    // aligned_alloc wants whole multiples; what is beyond the bytes is never touched, so no memory.
    const std::size_t alignment = large ? hugePage : cacheLine;
    void* data = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (data == nullptr)
        throw std::bad_alloc();
    if (large)
        askForHugePages(data, bytes);
    std::memset(data, 0, bytes);
    return static_cast<float*>(data);
}

} // namespace timestep
