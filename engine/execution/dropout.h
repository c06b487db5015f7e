// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/kernels/kernels.h"

#include <cstdint>

namespace timestep {

/// Which numbers a training step drops, and by how much it scales the others: by 1 ÷ (1 − p), so
/// that means stay. It depends on the step's key, the place in the model (dropout_places.h), the
/// row in the whole batch, the position and the unit, and on nothing else; so it is never kept but
/// worked out again on the way back, and no cut of a batch shows in it.
class Dropout
{
public:
    /// `share` p in (0, 1); `firstRow`: where in the whole batch row 0 stands.
    Dropout(double share, int firstRow, const Kernels& kernels);

    /// Before each run.
    void begin(std::uint64_t key) { m_key = key; }

    /// y = x, dropped or scaled, for some units of a position; x[0] and y[0] are those of the first
    /// unit. `y` may be `x`.
    void apply(int place, int row, int position, IndexRange units, const float* x,
        float* y) const noexcept;

private:
    const Kernels& m_kernels;
    const int m_firstRow;
    const std::uint32_t m_threshold;
    const float m_scale;
    std::uint64_t m_key = 0;
};

} // namespace timestep
