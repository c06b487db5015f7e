// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/packed_matrix.h"
#include "engine/model/weights.h"

#include <vector>

namespace timestep {

/// Which row of PyTorch's (4H, …) matrices stands in a column of interleaved gates; −1: padding.
int gateRow(int column, int width);

/// One LSTM layer for the kernels. Gate columns are interleaved per 16 units (16 of i, 16 of f, 16
/// of g, 16 of o), so that a slice of units is a range of columns and one vector of each gate of a
/// unit lies side by side; units are rounded up to 16 and the added ones stay zero.
struct PackedLstmLayer
{
    PackedMatrix input; // (I, 4 · units)
    PackedMatrix recurrent; // (H, 4 · units)
    AlignedFloats bias; // (4 · units), both biases added
};

struct PackedLstm
{
    explicit PackedLstm(const std::vector<LstmLayerWeights<float>>& layers);

    int width = 0; // H
    int inputWidth = 0; // I of the first layer
    std::vector<PackedLstmLayer> layers; // L
};

/// One attention layer for the kernels. Norms and feed-forward are empty in a bare layer.
struct PackedAttentionLayer
{
    PackedMatrix queryKeyValue; // (D, 3D)
    PackedMatrix projection; // (D, D)
    PackedMatrix expand; // (D, 4D)
    PackedMatrix contract; // (4D, D)
};

struct PackedAttention
{
    /// Keeps a reference to `layers` for norms and biases.
    explicit PackedAttention(const std::vector<AttentionLayerWeights<float>>& layers);

    int width = 0; // D
    std::vector<PackedAttentionLayer> layers; // L
    const std::vector<AttentionLayerWeights<float>>* plain = nullptr; // L: norms and biases
};

} // namespace timestep
