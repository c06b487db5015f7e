// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once per instruction set: included by vector_kernels.cpp for each Highway target in
// turn.
#include "engine/kernels/kernels.h"

#if defined(TIMESTEP_BACKWARD_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TIMESTEP_BACKWARD_INL_H
#undef TIMESTEP_BACKWARD_INL_H
#else
#define TIMESTEP_BACKWARD_INL_H
#endif

#include "engine/kernels/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

// What one unit of gradient becomes on its way back through an LSTM step:
// d tanh(c)/dc = 1 − tanh²(c), dσ = σ (1 − σ).
struct LstmSlopes
{
    Vector hiddenToCell, hiddenToOutput, cellToInput, cellToForget, cellToCandidate, forget;
};

HWY_INLINE Vector sigmoidSlope(Vector y) { return hn::NegMulAdd(y, y, y); }
HWY_INLINE Vector tanhSlope(Vector y) { return hn::NegMulAdd(y, y, hn::Set(Floats(), 1.0F)); }

HWY_INLINE LstmSlopes lstmSlopes(const LstmStepBackward& s, int row, int unit, std::size_t gate)
{
    const Floats d;
    const float* gates = s.gates + row * s.gatesStride + gate;
    const Vector input = hn::LoadU(d, gates);
    const Vector forget = hn::LoadU(d, gates + laneCount);
    const Vector candidate = hn::LoadU(d, gates + 2 * laneCount);
    const Vector output = hn::LoadU(d, gates + 3 * laneCount);
    const Vector before = s.cellBefore != nullptr
        ? hn::LoadU(d, s.cellBefore + row * s.cellStride + unit)
        : hn::Zero(d);
    const Vector squashed = tanhOf(hn::LoadU(d, s.cell + row * s.cellStride + unit));
    return { .hiddenToCell = hn::Mul(output, tanhSlope(squashed)),
        .hiddenToOutput = hn::Mul(squashed, sigmoidSlope(output)),
        .cellToInput = hn::Mul(candidate, sigmoidSlope(input)),
        .cellToForget = hn::Mul(before, sigmoidSlope(forget)),
        .cellToCandidate = hn::Mul(input, tanhSlope(candidate)),
        .forget = forget };
}

inline void lstmStepBackward(const LstmStepBackward& s) noexcept
{
    const Floats d;
    // Where all rows walk back through one step, its slopes are worked out once for all of them.
    const bool shared = s.gatesStride == 0 && s.cellStride == 0;
    for (int unit = 0; unit < s.units; unit += width) {
        const std::size_t gate
            = static_cast<std::size_t>(4 * (unit / laneCount * laneCount) + unit % laneCount);
        LstmSlopes slopes = lstmSlopes(s, 0, unit, gate);
        for (int row = 0; row < s.rows; ++row) {
            if (row > 0 && !shared)
                slopes = lstmSlopes(s, row, unit, gate);
            Vector hidden = hn::LoadU(d, s.hiddenGradient + row * s.hiddenGradientStride + unit);
            if (s.fromAbove != nullptr)
                hidden
                    = hn::Add(hidden, hn::LoadU(d, s.fromAbove + row * s.fromAboveStride + unit));
            float* cellGradient = s.cellGradient + row * s.cellGradientStride + unit;
            const Vector cell = hn::MulAdd(hidden, slopes.hiddenToCell, hn::LoadU(d, cellGradient));
            float* gradient = s.gateGradient + row * s.gateGradientStride + gate;
            hn::StoreU(hn::Mul(cell, slopes.cellToInput), d, gradient);
            hn::StoreU(hn::Mul(cell, slopes.cellToForget), d, gradient + laneCount);
            hn::StoreU(hn::Mul(cell, slopes.cellToCandidate), d, gradient + 2 * laneCount);
            hn::StoreU(hn::Mul(hidden, slopes.hiddenToOutput), d, gradient + 3 * laneCount);
            hn::StoreU(hn::Mul(cell, slopes.forget), d, cellGradient);
        }
    }
}

// Sums of γ∘dy and of γ∘dy∘x̂.
HWY_INLINE void addNormGroup(LaneSums& scaled, LaneSums& along, const float* gain,
    const float* gradient, const float* normalized)
{
    const Floats d;
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v) {
        const int at = v * width;
        const Vector g = hn::Mul(hn::LoadU(d, gain + at), hn::LoadU(d, gradient + at));
        scaled.part[v] = hn::Add(scaled.part[v], g);
        along.part[v] = hn::MulAdd(g, hn::LoadU(d, normalized + at), along.part[v]);
    }
}

// Means of the two, and by what the rest is divided.
struct NormSlopes
{
    float mean, along, inverseDeviation;
};

HWY_INLINE void normGroupBackward(const NormSlopes& slopes, const float* gain,
    const float* gradient, const float* normalized, float* result)
{
    const Floats d;
    const Vector mean = hn::Set(d, slopes.mean);
    const Vector along = hn::Set(d, slopes.along);
    const Vector scale = hn::Set(d, slopes.inverseDeviation);
#pragma GCC unroll 4
    for (int v = 0; v < vectorsInLanes; ++v) {
        const int at = v * width;
        const Vector g = hn::Mul(hn::LoadU(d, gain + at), hn::LoadU(d, gradient + at));
        const Vector x = hn::LoadU(d, normalized + at);
        const Vector kept = hn::NegMulAdd(x, along, hn::Sub(g, mean));
        hn::StoreU(hn::MulAdd(scale, kept, hn::LoadU(d, result + at)), d, result + at);
    }
}

inline void layerNormBackward(const LayerNormBackwardRow& r) noexcept
{
    const int whole = r.count / laneCount * laneCount;
    const int rest = r.count - whole;
    const RowTail gain(r.gain + whole, rest, 0.0F);
    const RowTail gradient(r.gradient + whole, rest, 0.0F);
    const RowTail normalized(r.normalized + whole, rest, 0.0F);

    LaneSums scaled;
    LaneSums along;
    for (int i = 0; i < whole; i += laneCount)
        addNormGroup(scaled, along, r.gain + i, r.gradient + i, r.normalized + i);
    if (rest > 0)
        addNormGroup(scaled, along, gain.values, gradient.values, normalized.values);
    const float count = static_cast<float>(r.count);
    const NormSlopes slopes { scaled.fold() / count, along.fold() / count, r.inverseDeviation };

    for (int i = 0; i < whole; i += laneCount)
        normGroupBackward(
            slopes, r.gain + i, r.gradient + i, r.normalized + i, r.inputGradient + i);
    if (rest > 0) {
        RowTail result(r.inputGradient + whole, rest, 0.0F);
        normGroupBackward(slopes, gain.values, gradient.values, normalized.values, result.values);
        std::memcpy(
            r.inputGradient + whole, result.values, static_cast<std::size_t>(rest) * sizeof(float));
    }
}

// Some columns of vectors side by side, so that their chains of sums overlap.
template <int Vectors>
HWY_INLINE void softmaxColumnsBackward(const SoftmaxBackward& s, int column)
{
    const Floats d;
    const float* p = s.affinity + column;
    float* gradient = s.gradient + column;
    Vector sum[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v)
        sum[v] = hn::Zero(d);
    for (int key = 0; key < s.keys; ++key)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            sum[v] = hn::MulAdd(hn::LoadU(d, p + key * s.affinityStride + v * width),
                hn::LoadU(d, gradient + key * s.gradientStride + v * width), sum[v]);
    const Vector scale = hn::Set(d, s.scale);
    for (int key = 0; key < s.keys; ++key)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            float* g = gradient + key * s.gradientStride + v * width;
            const Vector weight
                = hn::Mul(scale, hn::LoadU(d, p + key * s.affinityStride + v * width));
            hn::StoreU(hn::Mul(weight, hn::Sub(hn::LoadU(d, g), sum[v])), d, g);
        }
}

inline void softmaxBackward(const SoftmaxBackward& s) noexcept
{
    int column = 0;
    for (; column + 3 * width <= s.columns; column += 3 * width)
        softmaxColumnsBackward<3>(s, column);
    for (; column < s.columns; column += width)
        softmaxColumnsBackward<1>(s, column);
}

inline void scoreGradients(
    const float* affinity, float* gradient, std::size_t count, float sum, float scale) noexcept
{
    const Floats d;
    const Vector sums = hn::Set(d, sum);
    const Vector scales = hn::Set(d, scale);
    std::size_t i = 0;
    for (; i + width <= count; i += width) {
        const Vector weight = hn::Mul(scales, hn::LoadU(d, affinity + i));
        hn::StoreU(hn::Mul(weight, hn::Sub(hn::LoadU(d, gradient + i), sums)), d, gradient + i);
    }
    for (; i < count; ++i)
        gradient[i] = scale * affinity[i] * (gradient[i] - sum);
}

HWY_INLINE Vector geluDerivativeOf(Vector x)
{
    const Floats d;
    // x σ(2u), by the product rule; the second summand is nothing beyond ±10, where x² would
    // overflow
    const Vector end = hn::Set(d, 10.0F);
    const Vector bounded = hn::Min(hn::Max(x, hn::Neg(end)), end);
    const Vector square = hn::Mul(bounded, bounded);
    const Vector one = hn::Set(d, 1.0F);
    const Vector factor = hn::Set(d, 2.0F * 0.7978845608F);
    const Vector twice
        = hn::Mul(hn::Mul(factor, bounded), hn::MulAdd(hn::Set(d, 0.044715F), square, one)); // 2u
    const Vector slope
        = hn::Mul(factor, hn::MulAdd(hn::Set(d, 3.0F * 0.044715F), square, one)); // d 2u/dx
    const Vector s = sigmoidOf(twice);
    const Vector y = hn::MulAdd(hn::Mul(bounded, slope), hn::Mul(s, sigmoidOf(hn::Neg(twice))), s);
    return hn::IfThenElse(hn::IsNaN(x), x, y);
}

inline void multiplyElements(const float* x, float* y, std::size_t count) noexcept
{
    const Floats d;
    std::size_t i = 0;
    for (; i + width <= count; i += width)
        hn::StoreU(hn::Mul(hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
    for (; i < count; ++i)
        y[i] *= x[i];
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
