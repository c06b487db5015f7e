// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/lstm_influence.h"

#include "engine/execution/polled_multiply.h"

#include <algorithm>

namespace timestep {

namespace {

/// An odd number of cache lines from row to row: rows a power of two apart would fight for the same
/// few places of the first-level cache.
std::size_t oddLines(int floats) { return static_cast<std::size_t>(floats) | laneCount; }

} // namespace

/// What the chains of one walk carry; chain n belongs to the n-th target from the end.
struct LstmInfluence::Chains
{
    struct Layer
    {
        AlignedFloats
            handed; // (chains, units + inputs): to the step before, and to the layer below
        std::size_t stride;
        AlignedFloats cellGradient; // (chains, units)
    };

    std::vector<Layer> layers; // L
    AlignedFloats gates; // (chains, 4 · units)
    std::size_t gatesStride;

    Chains(const PackedLstmBackward& weights, int count)
        : gates(static_cast<std::size_t>(count) * oddLines(4 * weights.units))
        , gatesStride(oddLines(4 * weights.units))
    {
        const auto chains = static_cast<std::size_t>(count);
        for (const PackedMatrix& layer : weights.layers) {
            const std::size_t stride = oddLines(layer.columns());
            layers.push_back({ AlignedFloats(chains * stride), stride,
                AlignedFloats(chains * static_cast<std::size_t>(weights.units)) });
        }
    }
};

LstmInfluence::LstmInfluence(const PackedLstmBackward& weights, const Kernels& kernels,
    KeptLstm kept, int width, int embedding)
    : m_weights(weights)
    , m_kernels(kernels)
    , m_kept(std::move(kept))
    , m_width(width)
    , m_embedding(embedding)
{
}

int LstmInfluence::targetsAtOnce() const
{
    // More rows make better products, fewer make more walks for threads to share.
    return m_kept.steps() <= 128 ? 16 : 32;
}

const float* LstmInfluence::hidden(int position) const
{
    return m_kept.hidden(static_cast<int>(m_weights.layers.size()) - 1, position);
}

std::size_t LstmInfluence::hiddenStride() const { return static_cast<std::size_t>(m_kept.units()); }

bool LstmInfluence::walk(
    IndexRange targets, const float* gradients, const Worker& worker, double* norms) const
{
    Chains chains(m_weights, targets.count());
    Chains::Layer& top = chains.layers.back();
    const Chains::Layer& bottom = chains.layers.front();
    for (int t = targets.end - 1; t >= 0; --t) {
        const int active = std::min(targets.end - t, targets.count());
        if (t >= targets.begin)
            std::copy_n(gradients + static_cast<std::size_t>(t - targets.begin) * m_width, m_width,
                top.handed.data() + static_cast<std::size_t>(active - 1) * top.stride);
        if (!stepBack(t, active, worker, chains))
            return false;
        for (int n = 0; n < active; ++n) {
            const int row = targets.count() - 1 - n;
            norms[static_cast<std::size_t>(row) * m_kept.steps() + t]
                = lengthOf(bottom.handed.data() + n * bottom.stride + m_kept.units(), m_embedding);
        }
    }
    return true;
}

bool LstmInfluence::stepBack(int t, int active, const Worker& worker, Chains& chains) const
{
    const auto units = static_cast<std::size_t>(m_kept.units());
    for (std::size_t l = chains.layers.size(); l-- > 0;) {
        const int number = static_cast<int>(l);
        Chains::Layer& layer = chains.layers[l];
        const Chains::Layer* above = l + 1 < chains.layers.size() ? &chains.layers[l + 1] : nullptr;
        m_kernels.lstmStepBackward({ .gates = m_kept.gates(number, t),
            .cell = m_kept.cell(number, t),
            .cellBefore = t > 0 ? m_kept.cell(number, t - 1) : nullptr,
            .hiddenGradient = layer.handed.data(),
            .hiddenGradientStride = layer.stride,
            .fromAbove = above != nullptr ? above->handed.data() + units : nullptr,
            .fromAboveStride = above != nullptr ? above->stride : 0,
            .cellGradient = layer.cellGradient.data(),
            .cellGradientStride = units,
            .gateGradient = chains.gates.data(),
            .gateGradientStride = chains.gatesStride,
            .rows = active,
            .units = m_kept.units() });
        Product p;
        p.a = chains.gates.data();
        p.aStride = chains.gatesStride;
        p.b = m_weights.layers[l].view();
        p.columns = m_weights.layers[l].columns();
        p.rows = active;
        p.c = layer.handed.data();
        p.cStride = layer.stride;
        if (!multiplyPolled(m_kernels, p, worker))
            return false;
    }
    return true;
}

} // namespace timestep
