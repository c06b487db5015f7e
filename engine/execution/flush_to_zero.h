// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include <cstdint>

namespace timestep {

/// While it lives, this thread takes denormal numbers for zero and makes none: forget gates drive
/// cells towards zero, and arithmetic on denormals is up to a hundred times slower. Puts back what
/// it found.
class FlushToZero
{
public:
    FlushToZero()
        : m_before(control())
    {
        setControl(m_before | flush);
    }
    ~FlushToZero() { setControl(m_before); }
    FlushToZero(const FlushToZero&) = delete;
    FlushToZero& operator=(const FlushToZero&) = delete;

private:
#if defined(__SSE2__)
    using Control = unsigned;
    static constexpr Control flush = 0x8040; // flush to zero, denormals are zero
    static Control control() { return _mm_getcsr(); }
    static void setControl(Control value) { _mm_setcsr(value); }
#elif defined(__aarch64__)
    using Control = std::uint64_t;
    static constexpr Control flush = Control { 1 } << 24; // FZ, both ways
    static Control control()
    {
        Control value;
        asm volatile("mrs %0, fpcr" : "=r"(value));
        return value;
    }
    static void setControl(Control value) { asm volatile("msr fpcr, %0" : : "r"(value)); }
#else
    using Control = unsigned;
    static constexpr Control flush = 0;
    static Control control() { return 0; }
    static void setControl(Control) { }
#endif
    Control m_before;
};

} // namespace timestep
