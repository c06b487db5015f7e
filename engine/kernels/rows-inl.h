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
        for (int half = laneCount / 2; half > 0; half /= 2)
            for (int j = 0; j < half; ++j)
                lanes[j] += lanes[j + half];
        return lanes[0];
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

HWY_INLINE void normalizeGroup(
    const float* x, const float* gain, const float* bias, float* y, Vector mean, Vector scale)
{
    const Floats d;
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v) {
        const int at = v * width;
        const Vector normal = hn::Mul(hn::Sub(hn::LoadU(d, x + at), mean), scale);
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
    const Vector scale = hn::Set(d, 1.0F / std::sqrt(squares.fold() / count + r.epsilon));

    for (int i = 0; i < whole; i += laneCount)
        normalizeGroup(r.x + i, r.gain + i, r.bias + i, r.y + i, means, scale);
    if (rest > 0) {
        RowTail x(r.x + whole, rest, 0.0F);
        const RowTail gain(r.gain + whole, rest, 0.0F);
        const RowTail bias(r.bias + whole, rest, 0.0F);
        normalizeGroup(x.values, gain.values, bias.values, x.values, means, scale);
        std::memcpy(r.y + whole, x.values, static_cast<std::size_t>(rest) * sizeof(float));
    }
}

// The largest scale · score; a score that is not a number is passed over here and found in the sum.
HWY_INLINE float largestOf(const float* scores, int whole, const float* tail, float scale)
{
    const Floats d;
    const Vector factor = hn::Set(d, scale);
    const Vector none = hn::Set(d, -std::numeric_limits<float>::infinity());
    Vector largest = none;
    for (int i = 0; i < whole; i += width) {
        const Vector x = hn::Mul(hn::LoadU(d, scores + i), factor);
        largest = hn::Max(largest, hn::IfThenElse(hn::IsNaN(x), none, x));
    }
    for (int i = 0; i < laneCount; i += width) {
        const Vector x = hn::Mul(hn::Load(d, tail + i), factor);
        largest = hn::Max(largest, hn::IfThenElse(hn::IsNaN(x), none, x));
    }
    return hn::GetLane(hn::MaxOfLanes(d, largest));
}

HWY_INLINE void exponentiateGroup(LaneSums& sums, float* x, Vector scale, Vector largest)
{
    const Floats d;
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v) {
        const Vector scaled = hn::Mul(hn::LoadU(d, x + v * width), scale);
        const Vector e = weightOf(hn::Sub(scaled, largest));
        hn::StoreU(e, d, x + v * width);
        sums.part[v] = hn::Add(sums.part[v], e);
    }
}

inline float softmax(float* scores, int keys, int paddedKeys, float scale) noexcept
{
    const Floats d;
    const int whole = keys / laneCount * laneCount;
    const int rest = keys - whole;
    // Fillers of −∞ win no maximum and become exact zeros; for that the scale must be positive.
    RowTail tail(scores + whole, rest, -std::numeric_limits<float>::infinity());

    float largest = largestOf(scores, whole, tail.values, scale);
    if (largest == -std::numeric_limits<float>::infinity())
        largest = 0; // every exp below is then an exact zero, or not a number where a score is not

    LaneSums sums;
    const Vector factor = hn::Set(d, scale);
    const Vector shift = hn::Set(d, largest);
    for (int i = 0; i < whole; i += laneCount)
        exponentiateGroup(sums, scores + i, factor, shift);
    if (rest > 0)
        exponentiateGroup(sums, tail.values, factor, shift);
    const float sum = sums.fold();

    const Vector inverse = hn::Set(d, sum == 0 ? 0.0F : 1.0F / sum);
    for (int i = 0; i < whole; i += width)
        hn::StoreU(hn::Mul(hn::LoadU(d, scores + i), inverse), d, scores + i);
    for (int i = 0; i < laneCount; i += width)
        hn::Store(hn::Mul(hn::Load(d, tail.values + i), inverse), d, tail.values + i);
    for (int j = 0; j < rest; ++j)
        scores[whole + j] = tail.values[j];
    for (int i = keys; i < paddedKeys; ++i)
        scores[i] = 0;
    return largest + std::log(sum);
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
