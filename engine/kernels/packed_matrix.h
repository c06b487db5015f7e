// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/aligned_floats.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace timestep {

/// Floats in the widest vector, and the step in which every padded size grows.
inline constexpr int laneCount = 16;

constexpr int roundUpToLanes(int count) { return (count + laneCount - 1) / laneCount * laneCount; }

/// Columns of a wide panel of weights: three vectors of AVX-512 by eight rows fill 24 of 32
/// registers, three of AVX2 by four rows 12 of 16.
inline constexpr int panelColumns = 48;

/// How the columns of a packed matrix are parted.
struct Panels
{
    int wide; // columns of the panels at the front
    int wideCount;
    int tail; // columns of each panel after those; the last may be narrower
    int columns; // of all, a multiple of 16

    /// Weights: sixteen columns left over would have too few chains for the latency of a
    /// multiply-add, so 64 become two panels of 32.
    static constexpr Panels ofWeights(int count)
    {
        const int lanes = roundUpToLanes(count) / laneCount;
        return { panelColumns, lanes % 3 == 1 && lanes > 1 ? lanes / 3 - 1 : lanes / 3, 32,
            lanes * laneCount };
    }

    /// Keys and values: panels of 64, the keys of a tile and the width of many a head.
    static constexpr Panels ofKeys(int count)
    {
        const int columns = roundUpToLanes(count);
        return { 64, columns / 64, 64, columns };
    }

    constexpr int at(int column) const
    {
        const int inTail = column - wide * wideCount;
        return inTail < 0 ? column / wide : wideCount + inTail / tail;
    }
    constexpr int begin(int panel) const
    {
        return panel <= wideCount ? panel * wide : wide * wideCount + (panel - wideCount) * tail;
    }
    constexpr int width(int panel) const
    {
        return panel < wideCount ? wide : std::min(tail, columns - begin(panel));
    }
};

/// A matrix B (K, N) as the multiply kernel reads it: panels of columns, each with its K rows one
/// after the other. Padding is zero.
struct PackedView
{
    const float* data = nullptr;
    int depth = 0; // K, rows to multiply with
    int room = 0; // rows that each panel has room for
    int firstRow = 0; // of those to multiply with
    Panels panels {};

    const float* panel(int number) const
    {
        return data
            + static_cast<std::size_t>(panels.begin(number)) * static_cast<std::size_t>(room)
            + static_cast<std::size_t>(firstRow) * static_cast<std::size_t>(panels.width(number));
    }
};

/// Floats of a packed matrix with room for `depth` rows.
constexpr std::size_t packedSize(int depth, int columns)
{
    return static_cast<std::size_t>(depth) * static_cast<std::size_t>(roundUpToLanes(columns));
}

/// Where element (k, n) of a packed matrix with room for `depth` rows stands.
inline std::size_t packedIndex(int depth, const Panels& panels, int k, int n)
{
    const int panel = panels.at(n);
    return static_cast<std::size_t>(panels.begin(panel)) * static_cast<std::size_t>(depth)
        + static_cast<std::size_t>(k) * static_cast<std::size_t>(panels.width(panel))
        + static_cast<std::size_t>(n - panels.begin(panel));
}

/// A matrix of `depth` rows packed as weights are.
inline PackedView packedView(const float* data, int depth, int columns)
{
    return { data, depth, depth, 0, Panels::ofWeights(columns) };
}

/// Puts row k in its place in a packed matrix with room for `depth` rows.
inline void packRow(
    const float* row, int count, int depth, const Panels& panels, int k, float* packed)
{
    for (int column = 0; column < count;) {
        const int width = panels.width(panels.at(column));
        std::copy_n(row + column, std::min(width, count - column),
            packed + packedIndex(depth, panels, k, column));
        column += width;
    }
}

/// Puts column n in its place in a packed matrix with room for `depth` rows.
inline void packColumn(
    const float* column, int depth, const Panels& panels, int n, float* packed, float factor = 1)
{
    float* to = packed + packedIndex(depth, panels, 0, n);
    const int stride = panels.width(panels.at(n));
    for (int k = 0; k < depth; ++k, to += stride)
        *to = factor * column[k];
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
                m_values.data()[packedIndex(depth, Panels::ofWeights(columns), k, n)]
                    = element(k, n);
    }

    /// Row k anew, or its first `count` numbers.
    void setRow(int k, const float* row, int count)
    {
        packRow(row, count, m_depth, Panels::ofWeights(m_columns), k, m_values.data());
    }
    /// Column n anew, times `factor`.
    void setColumn(int n, const float* column, float factor = 1)
    {
        packColumn(column, m_depth, Panels::ofWeights(m_columns), n, m_values.data(), factor);
    }

    int depth() const { return m_depth; }
    int columns() const { return m_columns; }
    std::size_t bytes() const { return m_values.bytes(); }

    PackedView view() const { return packedView(m_values.data(), m_depth, m_columns); }

private:
    AlignedFloats m_values;
    int m_depth = 0; // K
    int m_columns = 0; // N
};

} // namespace timestep
