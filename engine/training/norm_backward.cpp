// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/norm_backward.h"

#include <algorithm>

namespace timestep {

void addThroughNorm(const Kernels& kernels, const NormBackward& norm, float* inputGradient) noexcept
{
    const auto width = static_cast<std::size_t>(norm.width);
    for (int t = 0; t < norm.positions; ++t)
        kernels.layerNormBackward({ .normalized = norm.kept.normalized + t * width,
            .inverseDeviation = norm.kept.inverseDeviation[t],
            .gain = norm.gain,
            .gradient = norm.outputGradient + t * width,
            .inputGradient = inputGradient + t * width,
            .count = norm.width });
}

void addNormGradients(const NormBackward& norm, const NormGradients& gradients) noexcept
{
    if (gradients.isFirst) {
        std::fill_n(gradients.gain, norm.width, 0.0F);
        std::fill_n(gradients.bias, norm.width, 0.0F);
    }
    const float* normalized = norm.kept.normalized;
    const float* gradient = norm.outputGradient;
    for (int t = 0; t < norm.positions; ++t, normalized += norm.width, gradient += norm.width)
        for (int i = 0; i < norm.width; ++i) {
            gradients.gain[i] += gradient[i] * normalized[i];
            gradients.bias[i] += gradient[i];
        }
}

void normOutput(const NormBackward& norm, const float* bias, float* output) noexcept
{
    const float* normalized = norm.kept.normalized;
    for (int t = 0; t < norm.positions; ++t, normalized += norm.width, output += norm.width)
        for (int i = 0; i < norm.width; ++i)
            output[i] = normalized[i] * norm.gain[i] + bias[i];
}

} // namespace timestep
