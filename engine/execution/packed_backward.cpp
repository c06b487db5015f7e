// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/packed_backward.h"

#include "engine/execution/packed_weights.h"

namespace timestep {

namespace {

PackedMatrix packTransposed(const Matrix<float>& weights)
{
    return { static_cast<int>(weights.cols()), static_cast<int>(weights.rows()),
        [&](int k, int column) { return weights(column, k); } };
}

} // namespace

PackedLstmBackward::PackedLstmBackward(const std::vector<LstmLayerWeights<float>>& plain)
{
    for (const LstmLayerWeights<float>& layer : plain) {
        const int width = static_cast<int>(layer.recurrent.cols());
        const int inputs = static_cast<int>(layer.input.cols());
        units = roundUpToLanes(width);
        layers.emplace_back(4 * units, units + roundUpToLanes(inputs), [&](int gate, int column) {
            const int row = gateRow(gate, width);
            if (row < 0)
                return 0.0F;
            if (column < units)
                return column < width ? layer.recurrent(row, column) : 0.0F;
            return column - units < inputs ? layer.input(row, column - units) : 0.0F;
        });
    }
}

std::vector<PackedAttentionLayerBackward> packBackward(
    const std::vector<AttentionLayerWeights<float>>& layers)
{
    std::vector<PackedAttentionLayerBackward> packed;
    for (const AttentionLayerWeights<float>& layer : layers)
        packed.push_back({ packTransposed(layer.queryKeyValue), packTransposed(layer.projection),
            packTransposed(layer.expand), packTransposed(layer.contract) });
    return packed;
}

} // namespace timestep
