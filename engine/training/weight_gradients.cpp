// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/weight_gradients.h"

#include "engine/execution/polled_multiply.h"

namespace timestep {

bool addWeightGradient(
    const Kernels& kernels, const WeightGradient& weights, const Worker& worker) noexcept
{
    Product p;
    p.a = weights.input; // transposed
    p.aStride = 1;
    p.aDepthStride = weights.inputStride;
    p.b = weights.outputGradient;
    p.columns = weights.outputs;
    p.rows = weights.inputs;
    p.c = weights.gradient;
    p.cStride = weights.gradientStride;
    p.start = weights.isFirst ? nullptr : p.c;
    p.startStride = p.cStride;
    return multiplyPolled(kernels, p, worker);
}

bool addBiasGradient(const Kernels& kernels, const PackedView& outputGradient, int outputs,
    float* gradient, bool isFirst, const Worker& worker) noexcept
{
    const float one = 1; // a bias is a weight whose input is always one
    return addWeightGradient(
        kernels, { &one, 0, 1, outputGradient, outputs, gradient, 0, isFirst }, worker);
}

bool addLinearGradients(const Kernels& kernels, const LinearGradients& gradients, float* packed,
    const Worker& worker) noexcept
{
    WeightGradient of;
    of.input = gradients.input;
    of.inputStride = gradients.inputs;
    of.inputs = gradients.inputs;
    of.outputGradient = packRows(gradients.outputGradient, gradients.outputs, gradients.positions,
        gradients.outputs, packed);
    of.outputs = gradients.outputs;
    of.gradient = gradients.weights;
    of.gradientStride = static_cast<std::size_t>(gradients.outputs);
    of.isFirst = gradients.isFirst;
    return addWeightGradient(kernels, of, worker)
        && addBiasGradient(kernels, of.outputGradient, gradients.outputs, gradients.bias,
            gradients.isFirst, worker);
}

PackedView packRows(
    const float* rows, std::ptrdiff_t stride, int count, int columns, float* packed) noexcept
{
    const Panels panels = Panels::ofWeights(columns);
    for (int k = 0; k < count; ++k, rows += stride)
        packRow(rows, columns, count, panels, k, packed);
    return packedView(packed, count, columns);
}

} // namespace timestep
