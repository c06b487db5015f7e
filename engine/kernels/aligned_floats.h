// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace timestep {

/// Floats of fixed number on a cache line boundary (64 bytes: also the widest vector), zero at
/// first.
class AlignedFloats
{
public:
    AlignedFloats() = default;
    explicit AlignedFloats(std::size_t count)
        : m_data(count > 0 ? new (alignment) float[count]() : nullptr)
        , m_count(count)
    {
    }

    float* data() { return m_data.get(); }
    const float* data() const { return m_data.get(); }
    std::size_t count() const { return m_count; }
    std::size_t bytes() const { return m_count * sizeof(float); }

private:
    static constexpr std::align_val_t alignment { 64 };
    struct Free
    {
        void operator()(float* data) const { ::operator delete[](data, alignment); }
    };
    std::unique_ptr<float[], Free> m_data;
    std::size_t m_count = 0;
};

} // namespace timestep
