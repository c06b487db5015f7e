// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace timestep {

/// Floats of fixed number on a cache line boundary (64 bytes: also the widest vector), zero at
/// first. Arrays of megabytes lie in huge pages where the system has them: fewer misses of the
/// address cache, and hundreds of times fewer pages to hand back.
class AlignedFloats
{
public:
    AlignedFloats() = default;
    /// Throws std::bad_alloc.
    explicit AlignedFloats(std::size_t count)
        : m_data(allocate(count))
        , m_count(count)
    {
    }

    float* data() { return m_data.get(); }
    const float* data() const { return m_data.get(); }
    std::size_t count() const { return m_count; }
    std::size_t bytes() const { return m_count * sizeof(float); }

private:
    static float* allocate(std::size_t count);

    struct Free
    {
        void operator()(float* data) const { std::free(data); }
    };
    std::unique_ptr<float[], Free> m_data;
    std::size_t m_count = 0;
};

} // namespace timestep
