// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/aligned_floats.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace timestep {

/// Floats in the widest vector, and the step in which every padded size grows.
inline constexpr int laneCount = 16;

/// Columns of a panel: three vectors of AVX-512, six of AVX2, twelve of SSE4 or NEON. Three vectors
/// by eight rows fill 24 of the 32 registers of AVX-512, three by four fill 12 of the 16 of AVX2.
inline constexpr int panelColumns = 48;

constexpr int roundUpToLanes(int count) { return (count + laneCount - 1) / laneCount * laneCount; }

/// A matrix B (K, N) as the multiply kernel reads it: panels of 48 columns, each with its K rows
/// one after the other; the last panel is as wide as it must be, rounded up to 16. Padding is zero.
struct PackedView
{
    const float* data = nullptr;
    int depth = 0; // K, rows to multiply with; may be fewer than there is room for
    int columns = 0; // N
    std::size_t panelStride = 0; // floats from one panel to the next: 48 · rows there is room for

    int panelWidth(int panel) const
    {
        return std::min(panelColumns, roundUpToLanes(columns) - panel * panelColumns);
    }
};

/// Floats of a packed matrix with room for `depth` rows.
constexpr std::size_t packedSize(int depth, int columns)
{
    return static_cast<std::size_t>(depth) * static_cast<std::size_t>(roundUpToLanes(columns));
}

/// Where element (k, n) of a packed matrix of N columns with room for `depth` rows stands.
inline std::size_t packedIndex(int depth, int columns, int k, int n)
{
    const int panel = n / panelColumns;
    const int width = std::min(panelColumns, roundUpToLanes(columns) - panel * panelColumns);
    return static_cast<std::size_t>(panel) * panelColumns * static_cast<std::size_t>(depth)
        + static_cast<std::size_t>(k) * static_cast<std::size_t>(width)
        + static_cast<std::size_t>(n - panel * panelColumns);
}

/// Weights packed once and read by every product with them.
class PackedMatrix
{
public:
    PackedMatrix() = default;

    /// element(k, n) gives B's entry; 0 ≤ k < depth, 0 ≤ n < columns.
    template <typename Element>
    PackedMatrix(int depth, int columns, Element element)
        : m_values(packedSize(depth, columns))
        , m_depth(depth)
        , m_columns(columns)
    {
        assert(depth >= 0 && columns >= 0);
        for (int n = 0; n < columns; ++n)
            for (int k = 0; k < depth; ++k)
                m_values.data()[packedIndex(depth, columns, k, n)] = element(k, n);
    }

    int depth() const { return m_depth; }
    int columns() const { return m_columns; }
    std::size_t bytes() const { return m_values.bytes(); }

    PackedView view() const
    {
        return { m_values.data(), m_depth, m_columns,
            static_cast<std::size_t>(m_depth) * panelColumns };
    }

private:
    AlignedFloats m_values;
    int m_depth = 0; // K
    int m_columns = 0; // N
};

} // namespace timestep
