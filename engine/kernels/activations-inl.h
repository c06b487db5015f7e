// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once per instruction set: included by vector_kernels.cpp for each Highway target in
// turn.
#include "engine/kernels/kernels.h"

#if defined(TIMESTEP_ACTIVATIONS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TIMESTEP_ACTIVATIONS_INL_H
#undef TIMESTEP_ACTIVATIONS_INL_H
#else
#define TIMESTEP_ACTIVATIONS_INL_H
#endif

#include "engine/kernels/multiply-inl.h"

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

// e^x = p · 2^n with p near 1. The polynomial is Cephes' expf, good to about 1e-7.
struct Exponential
{
    Vector p;
    hn::Vec<hn::RebindToSigned<Floats>> n;
};

HWY_INLINE Exponential exponential(Vector x)
{
    const Floats d;
    const auto n = hn::NearestInt(hn::Mul(x, hn::Set(d, 1.44269504F)));
    const Vector whole = hn::ConvertTo(d, n);
    // ln 2 in two parts: n times the first is exact
    Vector r = hn::NegMulAdd(whole, hn::Set(d, 0.693359375F), x);
    r = hn::NegMulAdd(whole, hn::Set(d, -2.12194440e-4F), r);
    Vector p = hn::Set(d, 1.9875691500e-4F);
    p = hn::MulAdd(p, r, hn::Set(d, 1.3981999507e-3F));
    p = hn::MulAdd(p, r, hn::Set(d, 8.3334519073e-3F));
    p = hn::MulAdd(p, r, hn::Set(d, 4.1665795894e-2F));
    p = hn::MulAdd(p, r, hn::Set(d, 1.6666665459e-1F));
    p = hn::MulAdd(p, r, hn::Set(d, 5.0000001201e-1F));
    p = hn::MulAdd(p, hn::Mul(r, r), hn::Add(r, hn::Set(d, 1.0F)));
    return { p, n };
}

HWY_INLINE Vector expOf(Vector x)
{
    const Floats d;
    const hn::RebindToSigned<Floats> di;
    // Beyond these ends the result is 0 or ∞ anyway, and n stays within what the scaling can do.
    const Exponential e = exponential(hn::Min(hn::Max(x, hn::Set(d, -104.0F)), hn::Set(d, 89.0F)));
    // 2^n as two powers, each a normal number: exact down to the denormals and up to ∞
    const auto half = hn::ShiftRight<1>(e.n);
    const auto rest = hn::Sub(e.n, half);
    const auto bias = hn::Set(di, 127);
    const Vector power = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(half, bias)));
    const Vector restPower = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(rest, bias)));
    return hn::IfThenElse(hn::IsNaN(x), x, hn::Mul(hn::Mul(e.p, power), restPower));
}

// e^x where that is a normal number, the same bits as expOf: the exponent is simply added to.
// −87 ≤ x ≤ 88.
HWY_INLINE Vector normalExpOf(Vector x)
{
    const Floats d;
    const hn::RebindToSigned<Floats> di;
    const Exponential e = exponential(x);
    return hn::BitCast(d, hn::Add(hn::BitCast(di, e.p), hn::ShiftLeft<23>(e.n)));
}

// 2^x for |x| ≤ 126, to about 1e-7: 2^x = 2^n · 2^r with |r| ≤ 1/2, and the exponent is simply
// added to.
HWY_INLINE Vector normalPowerOfTwo(Vector x)
{
    const Floats d;
    const hn::RebindToSigned<Floats> di;
    // Added to 1.5 · 2^23 a number is rounded to a whole one, which then stands in the lowest bits.
    const Vector large = hn::Set(d, 12582912.0F);
    const Vector n = hn::Add(x, large);
    const Vector r = hn::Sub(x, hn::Sub(n, large));
    Vector p = hn::Set(d, 1.32647273e-3F); // minimax in relative error, p(0) = 1
    p = hn::MulAdd(p, r, hn::Set(d, 9.67151299e-3F));
    p = hn::MulAdd(p, r, hn::Set(d, 5.55073358e-2F));
    p = hn::MulAdd(p, r, hn::Set(d, 2.40222424e-1F));
    p = hn::MulAdd(p, r, hn::Set(d, 6.93147004e-1F));
    p = hn::MulAdd(p, r, hn::Set(d, 1.0F));
    return hn::BitCast(d, hn::Add(hn::BitCast(di, p), hn::ShiftLeft<23>(hn::BitCast(di, n))));
}

// Max and Min of these processors hand on their second argument where one is not a number.
HWY_INLINE Vector atLeast(float least, Vector x) { return hn::Max(hn::Set(Floats(), least), x); }
HWY_INLINE Vector atMost(float most, Vector x) { return hn::Min(hn::Set(Floats(), most), x); }

// 2^x for what softmax meets, x ≤ 0: zero where it would be no normal number.
HWY_INLINE Vector weightOf(Vector x)
{
    const Vector least = hn::Set(Floats(), -126.0F);
    return hn::IfThenZeroElse(hn::Lt(x, least), normalPowerOfTwo(atLeast(-126.0F, x)));
}

HWY_INLINE Vector sigmoidOf(Vector x)
{
    const Floats d;
    const Vector end = hn::Set(d, 87.0F);
    const Vector e = normalExpOf(hn::Min(hn::Max(hn::Neg(x), hn::Neg(end)), end));
    const Vector y = hn::Div(hn::Set(d, 1.0F), hn::Add(hn::Set(d, 1.0F), e));
    return hn::IfThenElse(hn::IsNaN(x), x, hn::IfThenElseZero(hn::Ge(x, hn::Neg(end)), y));
}

inline constexpr float tanhIsOne = 7.90531110763549805F; // from here on

// tanh x = numerator ÷ denominator: a rational function of degree 13 over 6, the one Eigen uses,
// with a relative error below 4e-7.
struct Fraction
{
    Vector numerator, denominator;
};

HWY_INLINE Fraction tanhFraction(Vector x)
{
    const Floats d;
    const Vector bounded = atMost(tanhIsOne, atLeast(-tanhIsOne, x));
    const Vector square = hn::Mul(bounded, bounded);
    Vector p = hn::Set(d, -2.76076847742355e-16F);
    p = hn::MulAdd(p, square, hn::Set(d, 2.00018790482477e-13F));
    p = hn::MulAdd(p, square, hn::Set(d, -8.60467152213735e-11F));
    p = hn::MulAdd(p, square, hn::Set(d, 5.12229709037114e-08F));
    p = hn::MulAdd(p, square, hn::Set(d, 1.48572235717979e-05F));
    p = hn::MulAdd(p, square, hn::Set(d, 6.37261928875436e-04F));
    p = hn::MulAdd(p, square, hn::Set(d, 4.89352455891786e-03F));
    Vector q = hn::Set(d, 1.19825839466702e-06F);
    q = hn::MulAdd(q, square, hn::Set(d, 1.18534705686654e-04F));
    q = hn::MulAdd(q, square, hn::Set(d, 2.26843463243900e-03F));
    q = hn::MulAdd(q, square, hn::Set(d, 4.89352518554385e-03F));
    return { hn::Mul(bounded, p), q };
}

HWY_INLINE Vector tanhOf(Vector x)
{
    const Floats d;
    const Fraction fraction = tanhFraction(x);
    const Vector y = hn::Div(fraction.numerator, fraction.denominator);
    const auto asIs = hn::Lt(hn::Abs(x), hn::Set(d, 4e-4F));
    return hn::IfThenElse(asIs, x, atMost(1.0F, atLeast(-1.0F, y)));
}

HWY_INLINE Vector geluOf(Vector x)
{
    const Floats d;
    const Vector cube = hn::Mul(hn::Mul(x, x), x);
    const Vector inner = hn::MulAdd(hn::Set(d, 0.044715F), cube, x);
    // 1 + tanh(u) = 2 σ(2u), which does not cancel where x is far below zero
    return hn::Mul(x, sigmoidOf(hn::Mul(hn::Set(d, 2.0F * 0.7978845608F), inner)));
}

template <typename Function>
HWY_INLINE void forEachVector(const float* x, float* y, std::size_t count, const Function& function)
{
    const Floats d;
    std::size_t i = 0;
    for (; i + width <= count; i += width)
        hn::StoreU(function(hn::LoadU(d, x + i)), d, y + i);
    if (i < count) {
        alignas(64) float tail[width] = {};
        std::memcpy(tail, x + i, (count - i) * sizeof(float));
        hn::Store(function(hn::Load(d, tail)), d, tail);
        std::memcpy(y + i, tail, (count - i) * sizeof(float));
    }
}

template <Vector (*function)(Vector)>
void forEach(const float* x, float* y, std::size_t count) noexcept
{
    forEachVector(x, y, count, [](Vector v) HWY_ATTR { return function(v); });
}

// σ(x) = 1 ÷ this. Beyond ±60 the sigmoid is 0 or 1 to every digit that a state has, and products
// of these do not overflow.
HWY_INLINE Vector sigmoidDenominator(Vector x)
{
    const Floats d;
    const Vector exponent = hn::Mul(x, hn::Set(d, -1.44269504F));
    return hn::Add(hn::Set(d, 1.0F), normalPowerOfTwo(atMost(86.0F, atLeast(-86.0F, exponent))));
}

HWY_INLINE void keepGates(
    float* gates, Vector input, Vector forget, const Fraction& candidate, Vector output)
{
    const Floats d;
    const Vector one = hn::Set(d, 1.0F);
    const Vector tanh = hn::Div(candidate.numerator, candidate.denominator);
    hn::StoreU(hn::Div(one, input), d, gates);
    hn::StoreU(hn::Div(one, forget), d, gates + laneCount);
    hn::StoreU(atMost(1.0F, atLeast(-1.0F, tanh)), d, gates + 2 * laneCount);
    hn::StoreU(hn::Div(one, output), d, gates + 3 * laneCount);
}

// A product of two activations takes one division: three in all instead of five.
inline void lstmStep(const LstmStep& s) noexcept
{
    const Floats d;
    for (int row = 0; row < s.rows; ++row) {
        float* gates = s.gates + row * s.gatesStride;
        float* cell = s.cell + row * s.cellStride;
        float* hidden = s.hidden + row * s.hiddenStride;
        for (int unit = 0; unit < s.units; unit += width) {
            float* g = gates + 4 * (unit / laneCount * laneCount) + unit % laneCount;
            const Vector input = sigmoidDenominator(hn::LoadU(d, g));
            const Vector forget = sigmoidDenominator(hn::LoadU(d, g + laneCount));
            const Fraction candidate = tanhFraction(hn::LoadU(d, g + 2 * laneCount));
            const Vector output = sigmoidDenominator(hn::LoadU(d, g + 3 * laneCount));
            const Vector kept = hn::Div(hn::LoadU(d, cell + unit), forget);
            const Vector written
                = hn::Div(candidate.numerator, hn::Mul(candidate.denominator, input));
            const Vector state = hn::Add(kept, written);
            hn::StoreU(state, d, cell + unit);
            const Fraction read = tanhFraction(state);
            hn::StoreU(
                hn::Div(read.numerator, hn::Mul(read.denominator, output)), d, hidden + unit);
            if (s.keepGates)
                keepGates(g, input, forget, candidate, output);
        }
    }
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
