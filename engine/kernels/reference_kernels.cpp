// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/kernel_tables.h"

#include <cmath>
#include <limits>

namespace timestep {

namespace {

void multiply(const Product& p) noexcept
{
    for (int row = 0; row < p.rows; ++row) {
        const float* a = p.a + row * p.aStride;
        float* c = p.c + row * p.cStride;
        for (int j = 0; j < p.columns; ++j)
            c[j] = p.start != nullptr ? p.start[row * p.startStride + j] : 0.0F;
        for (int done = 0; done < p.columns;) {
            const int column = p.firstColumn + done;
            const int panel = p.b.panels.at(column);
            const int offset = column - p.b.panels.begin(panel);
            const int width = p.b.panels.width(panel);
            const int count = std::min(p.columns - done, width - offset);
            const float* b = p.b.panel(panel) + offset;
            for (int k = 0; k < p.b.depth; ++k, b += width)
                for (int j = 0; j < count; ++j)
                    c[done + j] += a[k] * b[j];
            done += count;
        }
    }
}

float sigmoid(float x) noexcept { return 1.0F / (1.0F + std::exp(-x)); }

float gelu(float x) noexcept
{
    // 1 + tanh(u) = 2 σ(2u), which does not cancel where x is far below zero
    const float u = 0.7978845608F * (x + 0.044715F * x * x * x);
    return x * sigmoid(2.0F * u);
}

void lstmStep(const LstmStep& s) noexcept
{
    for (int row = 0; row < s.rows; ++row) {
        float* cell = s.cell + row * s.cellStride;
        float* hidden = s.hidden + row * s.hiddenStride;
        for (int unit = 0; unit < s.units; ++unit) {
            const int lane = unit % laneCount;
            float* gates = s.gates + row * s.gatesStride + 4 * (unit - lane) + lane;
            const float input = sigmoid(gates[0]);
            const float forget = sigmoid(gates[laneCount]);
            const float candidate = std::tanh(gates[2 * laneCount]);
            const float output = sigmoid(gates[3 * laneCount]);
            cell[unit] = forget * cell[unit] + input * candidate;
            hidden[unit] = output * std::tanh(cell[unit]);
            if (s.keepGates) {
                gates[0] = input;
                gates[laneCount] = forget;
                gates[2 * laneCount] = candidate;
                gates[3 * laneCount] = output;
            }
        }
    }
}

void layerNorm(const LayerNormRow& r) noexcept
{
    float sum = 0;
    for (int i = 0; i < r.count; ++i)
        sum += r.x[i];
    const float mean = sum / static_cast<float>(r.count);
    float squares = 0;
    for (int i = 0; i < r.count; ++i)
        squares += (r.x[i] - mean) * (r.x[i] - mean);
    const float variance = squares / static_cast<float>(r.count);
    const float scale = 1.0F / std::sqrt(variance + r.epsilon);
    for (int i = 0; i < r.count; ++i)
        r.y[i] = (r.x[i] - mean) * scale * r.gain[i] + r.bias[i];
}

float softmax(float* scores, int keys, int paddedKeys, float scale) noexcept
{
    float largest = -std::numeric_limits<float>::infinity();
    for (int i = 0; i < keys; ++i)
        largest = std::max(largest, scale * scores[i]);
    if (largest == -std::numeric_limits<float>::infinity())
        largest = 0; // every exp below is then an exact zero, or not a number where a score is not
    float sum = 0;
    for (int i = 0; i < keys; ++i) {
        scores[i] = std::exp(scale * scores[i] - largest);
        sum += scores[i];
    }
    const float inverse = sum == 0 ? 0 : 1.0F / sum;
    for (int i = 0; i < keys; ++i)
        scores[i] *= inverse;
    for (int i = keys; i < paddedKeys; ++i)
        scores[i] = 0;
    return largest + std::log(sum);
}

template <float (*function)(float)>
void forEach(const float* x, float* y, std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        y[i] = function(x[i]);
}

} // namespace

const Kernels& referenceKernels()
{
    static const Kernels table {
        .name = "reference",
        .multiply = multiply,
        .lstmStep = lstmStep,
        .layerNorm = layerNorm,
        .softmax = softmax,
        .exp = forEach<std::exp>,
        .sigmoid = forEach<sigmoid>,
        .tanh = forEach<std::tanh>,
        .gelu = forEach<gelu>,
    };
    return table;
}

} // namespace timestep
