// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/kernels/kernels.h"

namespace timestep {

// Of y = x W + b at K positions: dW = xᵀ dy and db = Σ dy, each number one chain over the positions
// in the order in which they are given.

/// What one set of positions adds to the gradient of W (I, N).
struct WeightGradient
{
    const float* input = nullptr; // x (K, I), the first position
    std::ptrdiff_t inputStride = 0; // floats from one position to the next
    int inputs = 0; // I
    PackedView outputGradient; // dy (K, N)
    int outputs = 0; // N
    float* gradient = nullptr; // (I, N)
    std::size_t gradientStride = 0; // floats from one input to the next
    bool isFirst = false; // written, not added to what is there
};

/// False when stopped; the gradient is then of no use.
bool addWeightGradient(
    const Kernels& kernels, const WeightGradient& weights, const Worker& worker) noexcept;

/// `gradient` (N) is that of the bias. False when stopped.
bool addBiasGradient(const Kernels& kernels, const PackedView& outputGradient, int outputs,
    float* gradient, bool isFirst, const Worker& worker) noexcept;

/// What K positions of y = x W + b add to the gradients of both.
struct LinearGradients
{
    const float* input = nullptr; // x (K, I)
    int inputs = 0; // I
    const float* outputGradient = nullptr; // dy (K, N)
    int outputs = 0; // N
    int positions = 0; // K
    float* weights = nullptr; // (I, N)
    float* bias = nullptr; // (N)
    bool isFirst = false; // written, not added to what is there
};

/// `packed`: scratch, packedSize(K, N) floats. False when stopped.
bool addLinearGradients(const Kernels& kernels, const LinearGradients& gradients, float* packed,
    const Worker& worker) noexcept;

/// Rows (K, N), `stride` floats apart, packed into `packed`, packedSize(K, N) floats.
PackedView packRows(
    const float* rows, std::ptrdiff_t stride, int count, int columns, float* packed) noexcept;

} // namespace timestep
