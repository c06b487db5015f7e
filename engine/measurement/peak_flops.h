// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

/// What the multiply-add units of this machine do in about `milliseconds`, `threads` threads
/// together, in GFLOP/s of fp32: independent multiply-add chains in registers, with the best
/// instruction set there is. Measured anew at each call, since clock and neighbours change: only
/// figures taken side by side compare.
double measuredPeakGflops(int threads, double milliseconds = 5);

} // namespace timestep
