// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_memory.h"
#include "engine/kernels/kernels.h"

namespace timestep {

/// A layer norm at some positions, on the way back.
struct NormBackward
{
    NormActivations kept; // (positions, D), (positions)
    const float* gain = nullptr; // γ (D)
    const float* outputGradient = nullptr; // dy (positions, D)
    int positions = 0;
    int width = 0; // D
};

/// Adds to `inputGradient` (positions, D) what the norm hands back.
void addThroughNorm(
    const Kernels& kernels, const NormBackward& norm, float* inputGradient) noexcept;

/// Gradients of gain and bias: Σ dy∘x̂ and Σ dy, each number one chain over the positions in their
/// order.
struct NormGradients
{
    float* gain = nullptr; // (D)
    float* bias = nullptr; // (D)
    bool isFirst = false; // written, not added to what is there
};

void addNormGradients(const NormBackward& norm, const NormGradients& gradients) noexcept;

/// x̂∘γ + β again, `output` (positions, D): what the forward pass did not keep.
void normOutput(const NormBackward& norm, const float* bias, float* output) noexcept;

} // namespace timestep
