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

// What a tile reads and writes; a panel's rows are `bStride` apart.
struct Tile
{
    const float* a;
    std::size_t aStride;
    const float* b;
    std::size_t bStride;
    std::size_t panelStride;
    int depth;
    const float* start; // null: zero
    std::size_t startStride;
    float* c;
    std::size_t cStride;

    Tile right(int columns, std::size_t bStep) const
    {
        Tile moved = *this;
        moved.b += bStep;
        moved.c += columns;
        if (start != nullptr)
            moved.start += columns;
        return moved;
    }
    Tile down(int rows) const
    {
        Tile moved = *this;
        moved.a += static_cast<std::size_t>(rows) * aStride;
        moved.c += static_cast<std::size_t>(rows) * cStride;
        if (start != nullptr)
            moved.start += static_cast<std::size_t>(rows) * startStride;
        return moved;
    }
};

// Rows x (Panels · Vectors) accumulators stay in registers over all of K. The multiply-adds have a
// latency of four cycles and two start in each: at least eight independent chains are needed, which
// is why few rows take several panels at once.
template <int Rows, int Panels, int Vectors>
HWY_INLINE void multiplyTile(const Tile& t)
{
    const Floats d;
    constexpr int across = Panels * Vectors;
    Vector sum[Rows][across];
#pragma GCC unroll 12
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 12
        for (int v = 0; v < across; ++v)
            sum[row][v] = t.start == nullptr
                ? hn::Zero(d)
                : hn::LoadU(d, t.start + row * t.startStride + v * width);
    const float* a = t.a;
    const float* b = t.b;
    for (int k = 0; k < t.depth; ++k, ++a, b += t.bStride) {
        Vector column[across];
#pragma GCC unroll 12
        for (int v = 0; v < across; ++v)
            column[v] = hn::Load(d, b + v / Vectors * t.panelStride + v % Vectors * width);
#pragma GCC unroll 12
        for (int row = 0; row < Rows; ++row) {
            const Vector factor = hn::Set(d, a[row * t.aStride]);
#pragma GCC unroll 12
            for (int v = 0; v < across; ++v)
                sum[row][v] = hn::MulAdd(factor, column[v], sum[row][v]);
        }
    }
#pragma GCC unroll 12
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 12
        for (int v = 0; v < across; ++v)
            hn::StoreU(sum[row][v], d, t.c + row * t.cStride + v * width);
}

template <int Rows, int Vectors>
HWY_NOINLINE void narrowTile(const Tile& t)
{
    multiplyTile<Rows, 1, Vectors>(t);
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
void multiplyRows(Tile t, int vectors)
{
    while (vectors > 0) {
        const int taken = vectorsTaken<Rows>(vectors);
        if (taken == 3)
            narrowTile<Rows, 3>(t);
        else if (taken == 2)
            narrowTile<Rows, 2>(t);
        else if (taken == 1)
            narrowTile<Rows, 1>(t);
        else if constexpr (manyRegisters && Rows <= 6)
            narrowTile<Rows, 4>(t);
        t = t.right(taken * width, static_cast<std::size_t>(taken) * width);
        vectors -= taken;
    }
}

inline void multiplySegment(const Tile& t, int rows, int vectors)
{
    // Groups of rows as even as it goes: nine rows are five and four, not eight and one. Six by four
    // vectors read less than eight by two twice.
    const int most = manyRegisters && vectors == 4 ? 6 : tileRows;
    const std::int64_t groups = (rows + most - 1) / most;
    for (std::int64_t group = 0; group < groups; ++group) {
        const int begin = static_cast<int>(rows * group / groups);
        const int count = static_cast<int>(rows * (group + 1) / groups) - begin;
        const Tile part = t.down(begin);
        switch (count) {
        case 1:
            multiplyRows<1>(part, vectors);
            break;
        case 2:
            multiplyRows<2>(part, vectors);
            break;
        case 3:
            multiplyRows<3>(part, vectors);
            break;
        case 4:
            multiplyRows<4>(part, vectors);
            break;
        default:
            if constexpr (tileRows == 8) {
                if (count == 5)
                    multiplyRows<5>(part, vectors);
                else if (count == 6)
                    multiplyRows<6>(part, vectors);
                else if (count == 7)
                    multiplyRows<7>(part, vectors);
                else
                    multiplyRows<8>(part, vectors);
            }
        }
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

    static HWY_NOINLINE void multiply(const Tile& t) { multiplyTile<Rows, panels, vectors>(t); }
};

// Returns how many of `columns` were done, from the start of a wide panel.
template <int Rows, int VectorsInPanel>
int multiplyWide(Tile t, int columns)
{
    using Wide = WideTile<Rows, VectorsInPanel>;
    constexpr int step = Wide::panels * VectorsInPanel * width;
    int done = 0;
    for (; columns - done >= step; done += step) {
        for (int part = 0; part < Wide::parts; ++part) {
            const int column = part * Wide::vectors * width;
            Wide::multiply(t.right(column, static_cast<std::size_t>(column)));
        }
        t = t.right(step, Wide::panels * t.panelStride);
    }
    return done;
}

template <int Rows>
int multiplyWide(const Tile& t, int panelColumns, int columns)
{
    return panelColumns == 48 ? multiplyWide<Rows, 48 / width>(t, columns)
                              : multiplyWide<Rows, 64 / width>(t, columns);
}

// Fewer columns than a vector: through a small buffer, so that nothing beyond C is touched.
inline void multiplyRagged(const Tile& t, int rows, int columns)
{
    alignas(64) float buffer[tileRows * width] = {};
    for (int begin = 0; begin < rows; begin += tileRows) {
        const int count = std::min(tileRows, rows - begin);
        const Tile from = t.down(begin);
        Tile part = from;
        part.c = buffer;
        part.cStride = width;
        if (from.start != nullptr) {
            for (int row = 0; row < count; ++row)
                for (int j = 0; j < columns; ++j)
                    buffer[row * width + j] = from.start[row * from.startStride + j];
            part.start = buffer;
            part.startStride = width;
        }
        multiplySegment(part, count, 1);
        for (int row = 0; row < count; ++row)
            for (int j = 0; j < columns; ++j)
                from.c[row * from.cStride + j] = buffer[row * width + j];
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
        const Tile tile { p.a, p.aStride, p.b.panel(panel) + offset,
            static_cast<std::size_t>(panelWidth), static_cast<std::size_t>(panels.wide) * p.b.room,
            p.b.depth, start, p.startStride, p.c + done, p.cStride };
        if (p.rows <= 2 && offset == 0 && panel < panels.wideCount) {
            const int wideColumns
                = std::min(p.columns - done, panels.begin(panels.wideCount) - column);
            const int wide = p.rows == 1 ? multiplyWide<1>(tile, panels.wide, wideColumns)
                                         : multiplyWide<2>(tile, panels.wide, wideColumns);
            if (wide > 0) {
                done += wide;
                continue;
            }
        }
        const int count = std::min(p.columns - done, panelWidth - offset);
        const int vectors = count / width;
        multiplySegment(tile, p.rows, vectors);
        if (count % width != 0)
            multiplyRagged(tile.right(vectors * width, vectors * width), p.rows, count % width);
        done += count;
    }
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
