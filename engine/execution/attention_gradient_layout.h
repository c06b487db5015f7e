// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/execution/plan.h"
#include "engine/kernels/packed_matrix.h"

namespace timestep {

/// Where the gradients of attention layers stand in one array of floats, layer after layer, in the
/// shapes of the weights. Bare layers: queries · keys · values (D, 3D), their bias (3D), projection
/// (D, D), its bias (D). Whole blocks: before these the attention's norm, gain (D) and bias (D);
/// after them the norm of the feed-forward, likewise, expand (D, 4D), its bias (4D), contract (4D,
/// D), its bias (D). After the last block the final norm, gain (D) and bias (D), which is reckoned
/// to that block.
class AttentionGradientLayout
{
public:
    explicit AttentionGradientLayout(const PlanShape& shape)
        : m_layers(shape.layers)
        , m_width(shape.width)
        , m_bare(shape.bareLayer)
    {
    }

    int attentionNormGain(int layer) const { return layer * ofOneLayer(); } // whole blocks
    int attentionNormBias(int layer) const { return attentionNormGain(layer) + m_width; }
    int queryKeyValue(int layer) const { return layer * ofOneLayer() + ofNorm(); }
    int queryKeyValueBias(int layer) const { return queryKeyValue(layer) + 3 * m_width * m_width; }
    int projection(int layer) const { return queryKeyValueBias(layer) + 3 * m_width; }
    int projectionBias(int layer) const { return projection(layer) + m_width * m_width; }
    // Whole blocks.
    int feedForwardNormGain(int layer) const { return projectionBias(layer) + m_width; }
    int feedForwardNormBias(int layer) const { return feedForwardNormGain(layer) + m_width; }
    int expand(int layer) const { return feedForwardNormBias(layer) + m_width; }
    int expandBias(int layer) const { return expand(layer) + 4 * m_width * m_width; }
    int contract(int layer) const { return expandBias(layer) + 4 * m_width; }
    int contractBias(int layer) const { return contract(layer) + 4 * m_width * m_width; }
    int finalNormGain() const { return m_layers * ofOneLayer(); }
    int finalNormBias() const { return finalNormGain() + m_width; }

    /// All of a layer; of the last one with the final norm.
    IndexRange ofLayer(int layer) const
    {
        return { layer * ofOneLayer(), layer + 1 < m_layers ? (layer + 1) * ofOneLayer() : size() };
    }
    int size() const { return m_layers * ofOneLayer() + ofNorm(); }

private:
    int ofNorm() const { return m_bare ? 0 : 2 * m_width; }
    int ofOneLayer() const { return m_width * (m_bare ? 4 * m_width + 4 : 12 * m_width + 13); }

    int m_layers;
    int m_width;
    bool m_bare;
};

} // namespace timestep
