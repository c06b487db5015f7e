// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/gradient_norm.h"

#include "engine/execution/flush_to_zero.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace timestep {

namespace {

/// Eight sums beside each other, since an addition must wait four cycles for the one before it.
constexpr std::size_t sums = 8;

double squaresOf(std::span<const float> block) noexcept
{
    double sum[sums] = {};
    std::size_t k = 0;
    for (; k + sums <= block.size(); k += sums) {
        for (std::size_t j = 0; j < sums; ++j) {
            const double gradient = block[k + j];
            sum[j] += gradient * gradient;
        }
    }
    for (std::size_t j = 0; k + j < block.size(); ++j) {
        const double gradient = block[k + j];
        sum[j] += gradient * gradient;
    }
    for (std::size_t half = sums / 2; half > 0; half /= 2) {
        for (std::size_t j = 0; j < half; ++j)
            sum[j] += sum[j + half];
    }
    return sum[0];
}

} // namespace

std::size_t gradientNormBlocks(std::size_t parameters)
{
    return (parameters + gradientNormBlock - 1) / gradientNormBlock;
}

void sumSquares(std::span<const float> gradients, std::size_t begin, std::size_t end,
    std::span<double> squares) noexcept
{
    assert(squares.size() == gradientNormBlocks(gradients.size()) && end <= squares.size());
    // Else a denormal gradient would count on one thread and not on another.
    const FlushToZero flushToZero;
    for (std::size_t block = begin; block < end; ++block) {
        const std::size_t first = block * gradientNormBlock;
        squares[block] = squaresOf(
            gradients.subspan(first, std::min(gradientNormBlock, gradients.size() - first)));
    }
}

double gradientNorm(std::span<const double> squares) noexcept
{
    double sum = 0;
    for (const double square : squares)
        sum += square;
    return std::sqrt(sum);
}

std::optional<double> clippingFactor(double norm, double limit) noexcept
{
    assert(limit > 0);
    if (!std::isfinite(norm))
        return std::nullopt;
    return norm > limit ? limit / norm : 1;
}

} // namespace timestep
