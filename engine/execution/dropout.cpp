// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/dropout.h"

#include "engine/model/random_stream.h"

#include <cassert>
#include <cmath>

namespace timestep {

Dropout::Dropout(double share, int firstRow, const Kernels& kernels)
    : m_kernels(kernels)
    , m_firstRow(firstRow)
    , m_threshold(static_cast<std::uint32_t>(std::floor(share * 0x1p31)))
    , m_scale(static_cast<float>(1 / (1 - share)))
{
    assert(share > 0 && share < 1);
}

void Dropout::apply(
    int place, int row, int position, IndexRange units, const float* x, float* y) const noexcept
{
    const RandomStream stream(m_key, static_cast<std::uint64_t>(place));
    const std::uint64_t where = (static_cast<std::uint64_t>(m_firstRow + row) << 32)
        + static_cast<std::uint64_t>(position);
    m_kernels.dropout({ .x = x,
        .y = y,
        .first = units.begin,
        .count = units.count(),
        .key = stream.bits(where),
        .threshold = m_threshold,
        .scale = m_scale });
}

} // namespace timestep
