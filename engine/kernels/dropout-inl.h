// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once per instruction set: included by vector_kernels.cpp for each Highway target in
// turn.
#include "engine/kernels/kernels.h"

#if defined(TIMESTEP_DROPOUT_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TIMESTEP_DROPOUT_INL_H
#undef TIMESTEP_DROPOUT_INL_H
#else
#define TIMESTEP_DROPOUT_INL_H
#endif

#include "engine/kernels/backward-inl.h"

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

using Words = hn::RebindToUnsigned<Floats>;

// What the numbers from a place of the row on become; the reference table says which hash it is.
HWY_INLINE Vector dropped(const DropoutRow& r, int place, Vector x)
{
    const Floats d;
    const Words du;
    const hn::RebindToSigned<Floats> di;
    const auto places = hn::Iota(du, static_cast<std::uint32_t>(place));
    auto h = hn::Add(
        hn::Set(du, static_cast<std::uint32_t>(r.key)), hn::Mul(places, hn::Set(du, 0x9E3779B9U)));
    h = hn::Xor(h, hn::Set(du, static_cast<std::uint32_t>(r.key >> 32)));
    h = hn::Mul(hn::Xor(h, hn::ShiftRight<16>(h)), hn::Set(du, 0x7FEB352DU));
    h = hn::Mul(hn::Xor(h, hn::ShiftRight<15>(h)), hn::Set(du, 0x846CA68BU));
    h = hn::ShiftRight<1>(hn::Xor(h, hn::ShiftRight<16>(h)));
    // 31 bits are the same number with a sign, and signed ones every processor compares.
    const auto drops
        = hn::Lt(hn::BitCast(di, h), hn::Set(di, static_cast<std::int32_t>(r.threshold)));
    return hn::IfThenZeroElse(hn::RebindMask(d, drops), hn::Mul(hn::Set(d, r.scale), x));
}

inline void dropout(const DropoutRow& r) noexcept
{
    const Floats d;
    int i = 0;
    for (; i + width <= r.count; i += width)
        hn::StoreU(dropped(r, r.first + i, hn::LoadU(d, r.x + i)), d, r.y + i);
    if (i < r.count) {
        const std::size_t bytes = static_cast<std::size_t>(r.count - i) * sizeof(float);
        alignas(64) float tail[width] = {};
        std::memcpy(tail, r.x + i, bytes);
        hn::Store(dropped(r, r.first + i, hn::Load(d, tail)), d, tail);
        std::memcpy(r.y + i, tail, bytes);
    }
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();

#endif
