// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/execution/plan.h"
#include "engine/kernels/packed_matrix.h"

namespace timestep {

/// Where the gradients of bare attention layers stand in one array of floats, layer after layer, in
/// the shapes of the weights: queries · keys · values (D, 3D), their bias (3D), projection (D, D),
/// its bias (D).
class AttentionGradientLayout
{
public:
    explicit AttentionGradientLayout(const PlanShape& shape)
        : m_layers(shape.layers)
        , m_width(shape.width)
    {
    }

    int queryKeyValue(int layer) const { return layer * ofOneLayer(); }
    int queryKeyValueBias(int layer) const { return queryKeyValue(layer) + 3 * m_width * m_width; }
    int projection(int layer) const { return queryKeyValueBias(layer) + 3 * m_width; }
    int projectionBias(int layer) const { return projection(layer) + m_width * m_width; }
    IndexRange ofLayer(int layer) const
    {
        return { queryKeyValue(layer), queryKeyValue(layer) + ofOneLayer() };
    }
    int size() const { return m_layers * ofOneLayer(); }

private:
    int ofOneLayer() const { return 4 * m_width * (m_width + 1); }

    int m_layers;
    int m_width;
};

} // namespace timestep
