// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once per instruction set: included by vector_kernels.cpp for each Highway target in
// turn.
#include "engine/kernels/kernels.h"

#if defined(TIMESTEP_MULTIPLY_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TIMESTEP_MULTIPLY_INL_H
#undef TIMESTEP_MULTIPLY_INL_H
#else
#define TIMESTEP_MULTIPLY_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;
inline constexpr int width = static_cast<int>(HWY_LANES(float)); // floats in a vector

// 32 registers or 16.
inline constexpr bool manyRegisters = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON;

// Rows of a tile: with three vectors of columns they fill 24 of 32 registers, or 12 of 16.
inline constexpr int tileRows = manyRegisters ? 8 : 4;

// The part of a product that lies in one panel, or in some equal ones side by side. A tile of it is
// named by its first row and column: moving a copy of this along instead would make each tile wait
// until the one before has stored its sums, for what is written in pieces cannot be read as a whole
// before it has left the store buffer.
struct Segment
{
    const float* a;
    std::size_t aStride;
    std::ptrdiff_t aDepthStride;
    const float* b;
    std::size_t bStride; // from one row of a panel to the next
    std::size_t panelStride; // from one panel to the next
    int depth;
    const float* start; // null: zero
    std::size_t startStride;
    float* c;
    std::size_t cStride;
};

// Rows x (Panels · Vectors) accumulators stay in registers over all of K. The multiply-adds have a
// latency of four cycles and two start in each: at least eight independent chains are needed, which
// is why few rows take several panels at once. `b` is where the columns of the tile begin.
template <int Rows, int Panels, int Vectors>
HWY_INLINE void multiplyTile(
    const Segment& s, const float* b, std::ptrdiff_t firstRow, std::ptrdiff_t firstColumn)
{
    const Floats d;
    constexpr int across = Panels * Vectors;
    Vector sum[Rows][across];
    if (s.start == nullptr) {
#pragma GCC unroll 12
        for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 12
            for (int v = 0; v < across; ++v)
                sum[row][v] = hn::Zero(d);
    } else {
        const float* start = s.start + firstRow * s.startStride + firstColumn;
#pragma GCC unroll 12
        for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 12
            for (int v = 0; v < across; ++v)
                sum[row][v] = hn::LoadU(d, start + row * s.startStride + v * width);
    }
    const float* a = s.a + firstRow * s.aStride;
    for (int k = 0; k < s.depth; ++k, a += s.aDepthStride, b += s.bStride) {
        Vector column[across];
#pragma GCC unroll 12
        for (int v = 0; v < across; ++v)
            column[v] = hn::Load(d, b + v / Vectors * s.panelStride + v % Vectors * width);
#pragma GCC unroll 12
        for (int row = 0; row < Rows; ++row) {
            const Vector factor = hn::Set(d, a[row * s.aStride]);
#pragma GCC unroll 12
            for (int v = 0; v < across; ++v)
                sum[row][v] = hn::MulAdd(factor, column[v], sum[row][v]);
        }
    }
    float* c = s.c + firstRow * s.cStride + firstColumn;
#pragma GCC unroll 12
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 12
        for (int v = 0; v < across; ++v)
            hn::StoreU(sum[row][v], d, c + row * s.cStride + v * width);
}

template <int Rows, int Vectors>
HWY_NOINLINE void narrowTile(const Segment& s, std::ptrdiff_t row, std::ptrdiff_t column)
{
    multiplyTile<Rows, 1, Vectors>(s, s.b + column, row, column);
}

// Vectors of columns that a tile takes of those left in a panel: no fewer than two where there are
// two, for a single one has too few chains; four with few rows and many registers.
template <int Rows>
constexpr int vectorsTaken(int left)
{
    if (left == 4)
        return manyRegisters && Rows <= 6 ? 4 : 2;
    return left < 3 ? left : 3;
}

// `vectors` columns of vectors within one panel.
template <int Rows>
void multiplyRows(const Segment& s, std::ptrdiff_t row, int vectors)
{
    for (std::ptrdiff_t column = 0; vectors > 0;) {
        const int taken = vectorsTaken<Rows>(vectors);
        if (taken == 3)
            narrowTile<Rows, 3>(s, row, column);
        else if (taken == 2)
            narrowTile<Rows, 2>(s, row, column);
        else if (taken == 1)
            narrowTile<Rows, 1>(s, row, column);
        else if constexpr (manyRegisters && Rows <= 6)
            narrowTile<Rows, 4>(s, row, column);
        column += taken * width;
        vectors -= taken;
    }
}

inline void multiplySegment(const Segment& s, int rows, int vectors)
{
    // Groups of rows as even as it goes: nine rows are five and four, not eight and one. Six by
    // four vectors read less than eight by two twice.
    const int most = manyRegisters && vectors == 4 ? 6 : tileRows;
    const int groups = (rows + most - 1) / most;
    const int least = rows / std::max(groups, 1);
    const int oneMore = rows - groups * least; // so many groups have one row more than the rest
    for (int group = 0, row = 0; group < groups; ++group) {
        const int count = group < oneMore ? least + 1 : least;
        switch (count) {
        case 1:
            multiplyRows<1>(s, row, vectors);
            break;
        case 2:
            multiplyRows<2>(s, row, vectors);
            break;
        case 3:
            multiplyRows<3>(s, row, vectors);
            break;
        case 4:
            multiplyRows<4>(s, row, vectors);
            break;
        default:
            if constexpr (tileRows == 8) {
                if (count == 5)
                    multiplyRows<5>(s, row, vectors);
                else if (count == 6)
                    multiplyRows<6>(s, row, vectors);
                else if (count == 7)
                    multiplyRows<7>(s, row, vectors);
                else
                    multiplyRows<8>(s, row, vectors);
            }
        }
        row += count;
    }
}

// One or two rows need many columns at once to have chains enough: wide panels side by side, or
// where a panel has many vectors, parts of it.
template <int Rows, int VectorsInPanel>
struct WideTile
{
    static constexpr int most = 12 / Rows; // vectors that leave registers for the columns

    static constexpr int largestPart()
    {
        int part = std::min(most, VectorsInPanel);
        while (VectorsInPanel % part != 0)
            --part;
        return part;
    }

    static constexpr int panels = std::max(most / VectorsInPanel, 1);
    static constexpr int vectors = largestPart(); // of each panel
    static constexpr int parts = VectorsInPanel / vectors; // of a panel

    static HWY_NOINLINE void multiply(const Segment& s, const float* b, std::ptrdiff_t column)
    {
        multiplyTile<Rows, panels, vectors>(s, b, 0, column);
    }
};

// Returns how many of `columns` were done, from the start of a wide panel.
template <int Rows, int VectorsInPanel>
int multiplyWide(const Segment& s, int columns)
{
    using Wide = WideTile<Rows, VectorsInPanel>;
    constexpr int step = Wide::panels * VectorsInPanel * width;
    const float* b = s.b;
    int done = 0;
    for (; columns - done >= step; done += step, b += Wide::panels * s.panelStride)
        for (int part = 0; part < Wide::parts; ++part) {
            const int column = part * Wide::vectors * width;
            Wide::multiply(s, b + column, done + column);
        }
    return done;
}

template <int Rows>
int multiplyWide(const Segment& s, int panelColumns, int columns)
{
    return panelColumns == 48 ? multiplyWide<Rows, 48 / width>(s, columns)
                              : multiplyWide<Rows, 64 / width>(s, columns);
}

// Fewer columns than a vector, after `done` others: through a small buffer, so that nothing beyond
// C is touched.
inline void multiplyRagged(const Segment& s, int rows, int done, int columns)
{
    alignas(64) float buffer[tileRows * width] = {};
    for (int begin = 0; begin < rows; begin += tileRows) {
        const int count = std::min(tileRows, rows - begin);
        Segment part = s;
        part.a += begin * s.aStride;
        part.b += done;
        part.c = buffer;
        part.cStride = width;
        if (s.start != nullptr) {
            const float* start = s.start + begin * s.startStride + done;
            for (int row = 0; row < count; ++row)
                for (int j = 0; j < columns; ++j)
                    buffer[row * width + j] = start[row * s.startStride + j];
            part.start = buffer;
            part.startStride = width;
        }
        multiplySegment(part, count, 1);
        float* c = s.c + begin * s.cStride + done;
        for (int row = 0; row < count; ++row)
            for (int j = 0; j < columns; ++j)
                c[row * s.cStride + j] = buffer[row * width + j];
    }
}

inline void multiply(const Product& p) noexcept
{
    const Panels& panels = p.b.panels;
    assert(p.firstColumn % laneCount == 0 && p.firstColumn + p.columns <= panels.columns);
    for (int done = 0; done < p.columns;) {
        const int column = p.firstColumn + done;
        const int panel = panels.at(column);
        const int offset = column - panels.begin(panel);
        const int panelWidth = panels.width(panel);
        const float* start = p.start != nullptr ? p.start + done : nullptr;
        const Segment segment { p.a, p.aStride, p.aDepthStride, p.b.panel(panel) + offset,
            static_cast<std::size_t>(panelWidth), static_cast<std::size_t>(panels.wide) * p.b.room,
            p.b.depth, start, p.startStride, p.c + done, p.cStride };
        if (p.rows <= 2 && offset == 0 && panel < panels.wideCount) {
            const int wideColumns
                = std::min(p.columns - done, panels.begin(panels.wideCount) - column);
            const int wide = p.rows == 1 ? multiplyWide<1>(segment, panels.wide, wideColumns)
                                         : multiplyWide<2>(segment, panels.wide, wideColumns);
            if (wide > 0) {
                done += wide;
                continue;
            }
        }
        const int count = std::min(p.columns - done, panelWidth - offset);
        const int vectors = count / width;
        multiplySegment(segment, p.rows, vectors);
        if (count % width != 0)
            multiplyRagged(segment, p.rows, vectors * width, count % width);
        done += count;
    }
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
