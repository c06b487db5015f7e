// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/kernels/kernels.h"

namespace timestep {

/// A product in pieces of a few million flops, with the stop token polled between them. Returns
/// false when stopped; C is then of no use. The bits are those of the product in one piece.
bool multiplyPolled(const Kernels& kernels, const Product& product, const Worker& worker) noexcept;

/// Likewise c (rows, N) = a (rows, K) · b (K, N), rows one after the other.
bool multiplyRowsPolled(const Kernels& kernels, const float* a, const PackedMatrix& b, int rows,
    float* c, const Worker& worker) noexcept;

} // namespace timestep
