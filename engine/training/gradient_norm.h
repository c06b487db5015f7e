// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace timestep {

/// The L2 norm of a gradient in parts that threads may share out among them. The parts are blocks
/// of a fixed size, and both the sum within a block and that of the blocks have a fixed order: the
/// same bits for any number of slices and threads. All sums are in double precision, where no
/// square of a float overflows, so the norm is finite exactly where every gradient is.

/// Two pages of gradients: long enough for the sum over the blocks to be nothing, short enough for
/// the blocks of a small model to be shared out evenly.
inline constexpr std::size_t gradientNormBlock = 2048;

/// Blocks of so many parameters; the last may be smaller.
std::size_t gradientNormBlocks(std::size_t parameters);

/// Writes Σg² of the blocks numbered [begin, end) to their places in `squares`
/// (gradientNormBlocks).
void sumSquares(std::span<const float> gradients, std::size_t begin, std::size_t end,
    std::span<double> squares) noexcept;

/// √ of the blocks' sums, added in order; not finite where a gradient is not.
double gradientNorm(std::span<const double> squares) noexcept;

/// What the gradients are to be multiplied by so that their norm is at most `limit` (> 0):
/// min(1, limit ÷ norm). Nothing where the norm is not finite: no step can be taken then.
std::optional<double> clippingFactor(double norm, double limit) noexcept;

} // namespace timestep
