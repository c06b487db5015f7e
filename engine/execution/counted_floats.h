// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/memory_account.h"
#include "engine/kernels/aligned_floats.h"

#include <cstddef>

namespace timestep {

/// Aligned floats, zero at first, whose bytes stand in a run's account for as long as they live.
class CountedFloats
{
public:
    CountedFloats(std::size_t count, MemoryAccount& account)
        : m_floats(count)
        , m_counted(m_floats.bytes(), account)
    {
    }

    float* data() { return m_floats.data(); }
    const float* data() const { return m_floats.data(); }
    std::size_t count() const { return m_floats.count(); }

private:
    AlignedFloats m_floats;
    CountedBytes m_counted;
};

} // namespace timestep
