// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/packed_matrix.h"
#include "engine/model/weights.h"

#include <vector>

namespace timestep {

// Weights the other way round, for gradients on their way back: dx = dy Wᵀ.

/// LSTM layers: (4 · units, units + inputs) each, both rounded up to 16, rows interleaved as the
/// gates are in PackedLstmLayer. The recurrent half and the input half stand side by side, so that
/// one product makes what a step hands to the step before and what it hands to the layer below.
struct PackedLstmBackward
{
    explicit PackedLstmBackward(const std::vector<LstmLayerWeights<float>>& layers);

    int units = 0; // H rounded up to 16
    std::vector<PackedMatrix> layers; // L
};

struct PackedAttentionLayerBackward
{
    PackedMatrix queryKeyValue; // (3D, D)
    PackedMatrix projection; // (D, D)
    PackedMatrix expand; // (4D, D)
    PackedMatrix contract; // (D, 4D)
};

std::vector<PackedAttentionLayerBackward> packBackward(
    const std::vector<AttentionLayerWeights<float>>& layers);

} // namespace timestep
