// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/execution/plan.h"
#include "engine/kernels/packed_matrix.h"

namespace timestep {

/// Where the gradients of the layers of an LSTM stand in one array of floats, layer after layer:
/// input (I, 4 · units), recurrent (H, 4 · units), bias (4 · units; both biases have the same).
/// Columns are interleaved as in PackedLstmLayer; those of padding are zero.
class LstmGradientLayout
{
public:
    explicit LstmGradientLayout(const PlanShape& shape)
        : m_layers(shape.layers)
        , m_inputWidth(shape.inputWidth)
        , m_width(shape.width)
    {
    }

    int columns() const { return 4 * roundUpToLanes(m_width); }
    int inputs(int layer) const { return layer == 0 ? m_inputWidth : m_width; }
    int input(int layer) const
    {
        // Rows of the layers below: inputs, units and a bias each.
        const int below = layer == 0 ? 0 : m_inputWidth + (layer - 1) * m_width;
        return columns() * (below + layer * (m_width + 1));
    }
    int recurrent(int layer) const { return input(layer) + columns() * inputs(layer); }
    int bias(int layer) const { return recurrent(layer) + columns() * m_width; }
    IndexRange ofLayer(int layer) const { return { input(layer), bias(layer) + columns() }; }
    int size() const { return m_layers == 0 ? 0 : ofLayer(m_layers - 1).end; }

private:
    int m_layers;
    int m_inputWidth;
    int m_width;
};

} // namespace timestep
