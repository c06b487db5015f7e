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
                    c[done + j] += a[k * p.aDepthStride] * b[j];
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

float geluDerivative(float x) noexcept
{
    // x σ(2u), by the product rule; the second summand is nothing beyond ±10, where x² would
    // overflow
    const float bounded = std::fmin(std::fmax(x, -10.0F), 10.0F);
    const float square = bounded * bounded;
    const float u = 0.7978845608F * bounded * (1.0F + 0.044715F * square);
    const float slope = 0.7978845608F * (1.0F + 3.0F * 0.044715F * square); // du/dx
    const float s = sigmoid(2.0F * u);
    return std::isnan(x) ? x : s + bounded * s * sigmoid(-2.0F * u) * 2.0F * slope;
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

void lstmStepBackward(const LstmStepBackward& s) noexcept
{
    for (int row = 0; row < s.rows; ++row) {
        float* cellGradient = s.cellGradient + row * s.cellGradientStride;
        for (int unit = 0; unit < s.units; ++unit) {
            const int lane = unit % laneCount;
            const float* gates = s.gates + row * s.gatesStride + 4 * (unit - lane) + lane;
            float* gradient
                = s.gateGradient + row * s.gateGradientStride + 4 * (unit - lane) + lane;
            const float i = gates[0];
            const float f = gates[laneCount];
            const float g = gates[2 * laneCount];
            const float o = gates[3 * laneCount];
            const float before
                = s.cellBefore != nullptr ? s.cellBefore[row * s.cellStride + unit] : 0.0F;
            const float squashed = std::tanh(s.cell[row * s.cellStride + unit]);
            float hidden = s.hiddenGradient[row * s.hiddenGradientStride + unit];
            if (s.fromAbove != nullptr)
                hidden += s.fromAbove[row * s.fromAboveStride + unit];

            // d tanh(c)/dc = 1 − tanh²(c), dσ = σ (1 − σ)
            const float cell = cellGradient[unit] + hidden * o * (1.0F - squashed * squashed);
            gradient[0] = cell * g * i * (1.0F - i);
            gradient[laneCount] = cell * before * f * (1.0F - f);
            gradient[2 * laneCount] = cell * i * (1.0F - g * g);
            gradient[3 * laneCount] = hidden * squashed * o * (1.0F - o);
            cellGradient[unit] = cell * f;
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
    const float scale = variance <= std::numeric_limits<float>::max()
        ? 1.0F / std::sqrt(variance + r.epsilon)
        : std::numeric_limits<float>::quiet_NaN(); // not the bias for every x
    if (r.inverseDeviation != nullptr)
        *r.inverseDeviation = scale;
    for (int i = 0; i < r.count; ++i) {
        const float normal = (r.x[i] - mean) * scale;
        if (r.normalized != nullptr)
            r.normalized[i] = normal;
        r.y[i] = normal * r.gain[i] + r.bias[i];
    }
}

void layerNormBackward(const LayerNormBackwardRow& r) noexcept
{
    float sum = 0;
    float along = 0;
    for (int i = 0; i < r.count; ++i) {
        const float scaled = r.gain[i] * r.gradient[i];
        sum += scaled;
        along += scaled * r.normalized[i];
    }
    const float mean = sum / static_cast<float>(r.count);
    const float slope = along / static_cast<float>(r.count);
    for (int i = 0; i < r.count; ++i) {
        const float scaled = r.gain[i] * r.gradient[i];
        r.inputGradient[i] += r.inverseDeviation * (scaled - mean - r.normalized[i] * slope);
    }
}

/// 2^x for x ≤ 0, zero where that is no normal number.
float weight(float x) noexcept { return x < -126 ? 0.0F : std::exp2(x); }

void softmaxTile(const SoftmaxTile& t) noexcept
{
    constexpr float none = -std::numeric_limits<float>::infinity();
    for (int row = 0; row < t.rows; ++row) {
        float* scores = t.scores + row * t.scoresStride;
        float* laneSums = t.laneSums + row * laneCount;
        float* mixed = t.mixed + static_cast<std::ptrdiff_t>(row) * t.mixedStride;
        const int visible = std::clamp(t.visible + row * t.visibleMore, 0, t.keys);
        const float before = t.largest[row];
        float largest = before;
        for (int key = 0; key < visible; ++key)
            largest = std::max(largest, scores[key]);
        // Where nothing can be seen yet every weight is an exact zero, or not a number where a
        // score is not.
        const float shift = largest == none ? 0.0F : largest;
        const float scale = weight(before - shift);
        for (int lane = 0; lane < laneCount; ++lane)
            laneSums[lane] *= scale;
        for (int column = 0; column < t.mixedStride; ++column)
            mixed[column] *= scale;
        for (int key = 0; key < t.keys; ++key) {
            scores[key] = key < visible ? weight(scores[key] - shift) : 0.0F;
            laneSums[key % laneCount] += scores[key];
        }
        t.largest[row] = largest;
    }
}

void powersOfTwo(const float* x, float* y, std::size_t count, float shift) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        y[i] = weight(x[i] - shift);
}

void softmaxBackward(const SoftmaxBackward& s) noexcept
{
    for (int column = 0; column < s.columns; ++column) {
        const float* p = s.affinity + column;
        float* gradient = s.gradient + column;
        float sum = 0;
        for (int key = 0; key < s.keys; ++key)
            sum += p[key * s.affinityStride] * gradient[key * s.gradientStride];
        for (int key = 0; key < s.keys; ++key) {
            float& g = gradient[key * s.gradientStride];
            g = s.scale * p[key * s.affinityStride] * (g - sum);
        }
    }
}

template <float (*function)(float)>
void forEach(const float* x, float* y, std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        y[i] = function(x[i]);
}

void scoreGradients(
    const float* affinity, float* gradient, std::size_t count, float sum, float scale) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] = scale * affinity[i] * (gradient[i] - sum);
}

void multiplyElements(const float* x, float* y, std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        y[i] *= x[i];
}

/// The finaliser lowbias32 (Wellons, "Prospecting for hash functions", 2018). A xor with half of
/// the key after the other was added to: rows whose halves lie close are not shifted copies.
std::uint32_t dropoutHash(std::uint64_t key, std::uint32_t place) noexcept
{
    std::uint32_t h = static_cast<std::uint32_t>(key) + place * 0x9E3779B9U;
    h ^= static_cast<std::uint32_t>(key >> 32);
    h = (h ^ (h >> 16)) * 0x7FEB352DU;
    h = (h ^ (h >> 15)) * 0x846CA68BU;
    return h ^ (h >> 16);
}

void dropout(const DropoutRow& r) noexcept
{
    for (int i = 0; i < r.count; ++i) {
        const auto place = static_cast<std::uint32_t>(r.first + i);
        r.y[i] = dropoutHash(r.key, place) >> 1 < r.threshold ? 0.0F : r.scale * r.x[i];
    }
}

} // namespace

const Kernels& referenceKernels()
{
    static const Kernels table {
        .name = "reference",
        .multiply = multiply,
        .lstmStep = lstmStep,
        .lstmStepBackward = lstmStepBackward,
        .layerNorm = layerNorm,
        .layerNormBackward = layerNormBackward,
        .softmaxTile = softmaxTile,
        .powersOfTwo = powersOfTwo,
        .softmaxBackward = softmaxBackward,
        .scoreGradients = scoreGradients,
        .exp = forEach<std::exp>,
        .sigmoid = forEach<sigmoid>,
        .tanh = forEach<std::tanh>,
        .gelu = forEach<gelu>,
        .geluDerivative = forEach<geluDerivative>,
        .multiplyElements = multiplyElements,
        .dropout = dropout,
    };
    return table;
}

} // namespace timestep
