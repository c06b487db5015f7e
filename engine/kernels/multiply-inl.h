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

// Rows of a tile: with three vectors of columns they fill 24 of 32 registers, or 12 of 16.
inline constexpr int tileRows = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON ? 8 : 4;

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

// `vectors` columns of vectors within one panel, three at a time (four as two and two).
template <int Rows>
void multiplyRows(Tile t, int vectors)
{
    while (vectors > 0) {
        const int taken = vectors == 4 ? 2 : std::min(vectors, 3);
        if (taken == 3)
            narrowTile<Rows, 3>(t);
        else if (taken == 2)
            narrowTile<Rows, 2>(t);
        else
            narrowTile<Rows, 1>(t);
        t = t.right(taken * width, static_cast<std::size_t>(taken) * width);
        vectors -= taken;
    }
}

inline void multiplySegment(const Tile& t, int rows, int vectors)
{
    // Groups of rows as even as it goes: nine rows are five and four, not eight and one.
    const std::int64_t groups = (rows + tileRows - 1) / tileRows;
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

// One or two rows: whole panels, as many side by side as there are registers for chains.
template <int Rows>
HWY_NOINLINE void wideTile(const Tile& t)
{
    constexpr int vectorsInPanel = panelColumns / width;
    constexpr int panels = std::max(1, 12 / Rows / vectorsInPanel);
    multiplyTile<Rows, panels, std::min(vectorsInPanel, 12 / Rows)>(t);
}

// Returns how many columns were done: a whole number of wide tiles, from the start of a panel.
template <int Rows>
int multiplyWide(Tile t, int columns)
{
    constexpr int vectorsInPanel = panelColumns / width;
    constexpr int panels = std::max(1, 12 / Rows / vectorsInPanel);
    constexpr int across = panels * std::min(vectorsInPanel, 12 / Rows) * width;
    int done = 0;
    while (columns - done >= std::max(across, panelColumns)) {
        wideTile<Rows>(t);
        if constexpr (across < panelColumns) {
            wideTile<Rows>(t.right(across, across));
            done += panelColumns;
            t = t.right(panelColumns, t.panelStride);
        } else {
            done += across;
            t = t.right(across, panels * t.panelStride);
        }
    }
    return done;
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
    assert(
        p.firstColumn % laneCount == 0 && p.firstColumn + p.columns <= roundUpToLanes(p.b.columns));
    for (int done = 0; done < p.columns;) {
        const int column = p.firstColumn + done;
        const int panel = column / panelColumns;
        const int offset = column % panelColumns;
        const int panelWidth = p.b.panelWidth(panel);
        const float* start = p.start != nullptr ? p.start + done : nullptr;
        Tile tile { p.a, p.aStride, p.b.data + panel * p.b.panelStride + offset,
            static_cast<std::size_t>(panelWidth), p.b.panelStride, p.b.depth, start, p.startStride,
            p.c + done, p.cStride };
        if (p.rows <= 2 && offset == 0 && p.columns - done >= panelColumns) {
            const int wide = p.rows == 1 ? multiplyWide<1>(tile, p.columns - done)
                                         : multiplyWide<2>(tile, p.columns - done);
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
