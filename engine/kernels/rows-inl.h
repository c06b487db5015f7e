// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once per instruction set: included by vector_kernels.cpp for each Highway target in
// turn.
#include "engine/kernels/kernels.h"

#if defined(TIMESTEP_ROWS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TIMESTEP_ROWS_INL_H
#undef TIMESTEP_ROWS_INL_H
#else
#define TIMESTEP_ROWS_INL_H
#endif

#include "engine/kernels/activations-inl.h"
#include "engine/kernels/lane_sum.h"

#include <cmath>
#include <cstring>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

inline constexpr int vectorsInLanes = laneCount / width;

// The 16 virtual lanes of a sum over a row: lane j adds elements j, j + 16, … whatever the width of
// a vector, and one fixed tree folds them.
struct LaneSums
{
    Vector part[vectorsInLanes];

    HWY_INLINE LaneSums()
    {
#pragma GCC unroll 4
        for (int v = 0; v < vectorsInLanes; ++v)
            part[v] = hn::Zero(Floats());
    }
    HWY_INLINE float fold() const
    {
        alignas(64) float lanes[laneCount];
        for (int v = 0; v < vectorsInLanes; ++v)
            hn::Store(part[v], Floats(), lanes + v * width);
        return foldLanes(lanes);
    }
};

// The last, incomplete group of 16 elements of a row, filled up.
struct RowTail
{
    alignas(64) float values[laneCount];

    RowTail(const float* x, int count, float filler)
    {
        for (int j = 0; j < laneCount; ++j)
            values[j] = j < count ? x[j] : filler;
    }
};

HWY_INLINE void addGroup(LaneSums& sums, const float* x)
{
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v)
        sums.part[v] = hn::Add(sums.part[v], hn::LoadU(Floats(), x + v * width));
}

HWY_INLINE void addSquares(LaneSums& sums, const float* x, Vector mean)
{
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v) {
        const Vector difference = hn::Sub(hn::LoadU(Floats(), x + v * width), mean);
        sums.part[v] = hn::MulAdd(difference, difference, sums.part[v]);
    }
}

HWY_INLINE void normalizeGroup(const float* x, const float* gain, const float* bias, float* y,
    float* normalized, Vector mean, Vector scale)
{
    const Floats d;
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v) {
        const int at = v * width;
        const Vector normal = hn::Mul(hn::Sub(hn::LoadU(d, x + at), mean), scale);
        if (normalized != nullptr)
            hn::StoreU(normal, d, normalized + at);
        hn::StoreU(hn::MulAdd(normal, hn::LoadU(d, gain + at), hn::LoadU(d, bias + at)), d, y + at);
    }
}

inline void layerNorm(const LayerNormRow& r) noexcept
{
    const Floats d;
    const int whole = r.count / laneCount * laneCount;
    const int rest = r.count - whole;
    const float count = static_cast<float>(r.count);

    LaneSums sums;
    for (int i = 0; i < whole; i += laneCount)
        addGroup(sums, r.x + i);
    if (rest > 0)
        addGroup(sums, RowTail(r.x + whole, rest, 0.0F).values);
    const float mean = sums.fold() / count;

    LaneSums squares;
    const Vector means = hn::Set(d, mean);
    for (int i = 0; i < whole; i += laneCount)
        addSquares(squares, r.x + i, means);
    if (rest > 0) // a filler that is the mean itself adds exact zeros
        addSquares(squares, RowTail(r.x + whole, rest, mean).values, means);
    // A variance beyond all floats would make every x the same: that is no number.
    const float variance = squares.fold() / count;
    const float inverseDeviation = variance <= std::numeric_limits<float>::max()
        ? 1.0F / std::sqrt(variance + r.epsilon)
        : std::numeric_limits<float>::quiet_NaN();
    const Vector scale = hn::Set(d, inverseDeviation);
    if (r.inverseDeviation != nullptr)
        *r.inverseDeviation = inverseDeviation;

    for (int i = 0; i < whole; i += laneCount)
        normalizeGroup(r.x + i, r.gain + i, r.bias + i, r.y + i,
            r.normalized != nullptr ? r.normalized + i : nullptr, means, scale);
    if (rest > 0) {
        RowTail x(r.x + whole, rest, 0.0F);
        RowTail normalized = x;
        const RowTail gain(r.gain + whole, rest, 0.0F);
        const RowTail bias(r.bias + whole, rest, 0.0F);
        normalizeGroup(
            x.values, gain.values, bias.values, x.values, normalized.values, means, scale);
        const std::size_t bytes = static_cast<std::size_t>(rest) * sizeof(float);
        std::memcpy(r.y + whole, x.values, bytes);
        if (r.normalized != nullptr)
            std::memcpy(r.normalized + whole, normalized.values, bytes);
    }
}

HWY_INLINE Vector loadVisible(const float* scores, int first, int visible)
{
    const Floats d;
    const auto seen
        = hn::FirstN(d, static_cast<std::size_t>(std::clamp(visible - first, 0, width)));
    return hn::IfThenElse(
        seen, hn::LoadU(d, scores + first), hn::Set(d, -std::numeric_limits<float>::infinity()));
}

// A score that is not a number is passed over here and found in the sum.
HWY_INLINE float largestScore(const float* scores, int visible)
{
    const Floats d;
    Vector largest = hn::Set(d, -std::numeric_limits<float>::infinity());
    int key = 0;
    for (; key + width <= visible; key += width)
        largest = hn::Max(hn::LoadU(d, scores + key), largest);
    if (key < visible)
        largest = hn::Max(loadVisible(scores, key, visible), largest);
    return hn::GetLane(hn::MaxOfLanes(d, largest));
}

HWY_INLINE void scaleRow(float* values, int count, Vector scale)
{
    const Floats d;
    for (int i = 0; i < count; i += width)
        hn::StoreU(hn::Mul(hn::LoadU(d, values + i), scale), d, values + i);
}

HWY_INLINE Vector weighVector(float* scores, Vector score, Vector shift)
{
    const Vector weight = weightOf(hn::Sub(score, shift));
    hn::StoreU(weight, Floats(), scores);
    return weight;
}

// The sums stay in registers along a row: through memory each would wait for the one before.
HWY_INLINE void weighRow(float* scores, int keys, int visible, Vector shift, float* laneSums)
{
    const Floats d;
    Vector sums[vectorsInLanes];
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v)
        sums[v] = hn::LoadU(d, laneSums + v * width);
    int key = 0;
    for (; key + laneCount <= visible; key += laneCount)
#pragma GCC unroll 4
        for (int v = 0; v < vectorsInLanes; ++v) {
            float* at = scores + key + v * width;
            sums[v] = hn::Add(sums[v], weighVector(at, hn::LoadU(d, at), shift));
        }
    for (; key < keys; key += laneCount)
#pragma GCC unroll 4
        for (int v = 0; v < vectorsInLanes; ++v) {
            const int first = key + v * width;
            sums[v] = hn::Add(
                sums[v], weighVector(scores + first, loadVisible(scores, first, visible), shift));
        }
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v)
        hn::StoreU(sums[v], d, laneSums + v * width);
}

inline void softmaxTile(const SoftmaxTile& t) noexcept
{
    constexpr float none = -std::numeric_limits<float>::infinity();
    const Floats d;
    for (int row = 0; row < t.rows; ++row) {
        float* scores = t.scores + row * t.scoresStride;
        float* laneSums = t.laneSums + row * laneCount;
        const int visible = std::clamp(t.visible + row * t.visibleMore, 0, t.keys);
        const float before = t.largest[row];
        const float largest = std::max(before, largestScore(scores, visible));
        // Where nothing can be seen yet every weight is an exact zero, or not a number where a
        // score is not.
        const Vector shift = hn::Set(d, largest == none ? 0.0F : largest);
        if (largest != before) { // else the scale is one
            const Vector scale = weightOf(hn::Sub(hn::Set(d, before), shift));
            scaleRow(laneSums, laneCount, scale);
            scaleRow(
                t.mixed + static_cast<std::ptrdiff_t>(row) * t.mixedStride, t.mixedStride, scale);
            t.largest[row] = largest;
        }
        weighRow(scores, t.keys, visible, shift, laneSums);
    }
}

inline void powersOfTwo(const float* x, float* y, std::size_t count, float shift) noexcept
{
    const Floats d;
    const Vector shifts = hn::Set(d, shift);
    forEachVector(
        x, y, count, [shifts](Vector v) HWY_ATTR { return weightOf(hn::Sub(v, shifts)); });
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
