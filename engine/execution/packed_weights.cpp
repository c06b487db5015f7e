// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/packed_weights.h"

namespace timestep {

namespace {

PackedMatrix packGates(const Matrix<float>& weights, int width)
{
    return { static_cast<int>(weights.cols()), 4 * roundUpToLanes(width), [&](int k, int column) {
                const int row = gateRow(column, width);
                return row < 0 ? 0.0F : weights(row, k);
            } };
}

PackedMatrix pack(const Matrix<float>& weights)
{
    return { static_cast<int>(weights.rows()), static_cast<int>(weights.cols()),
        [&](int k, int column) { return weights(k, column); } };
}

} // namespace

int gateRow(int column, int width)
{
    const int unit = column / (4 * laneCount) * laneCount + column % laneCount;
    const int gate = column % (4 * laneCount) / laneCount;
    return unit < width ? gate * width + unit : -1;
}

PackedLstm::PackedLstm(const std::vector<LstmLayerWeights<float>>& plain)
{
    if (plain.empty())
        return;
    width = static_cast<int>(plain.front().recurrent.cols());
    inputWidth = static_cast<int>(plain.front().input.cols());
    for (const LstmLayerWeights<float>& layer : plain) {
        PackedLstmLayer packed { packGates(layer.input, width), packGates(layer.recurrent, width),
            AlignedFloats(static_cast<std::size_t>(4) * roundUpToLanes(width)) };
        for (int column = 0; column < 4 * roundUpToLanes(width); ++column)
            if (const int row = gateRow(column, width); row >= 0)
                packed.bias.data()[column] = layer.inputBias(row) + layer.recurrentBias(row);
        layers.push_back(std::move(packed));
    }
}

PackedAttention::PackedAttention(const std::vector<AttentionLayerWeights<float>>& all)
    : plain(&all)
{
    if (all.empty())
        return;
    width = static_cast<int>(all.front().projection.rows());
    for (const AttentionLayerWeights<float>& layer : all)
        layers.push_back({ pack(layer.queryKeyValue), pack(layer.projection), pack(layer.expand),
            pack(layer.contract) });
}

} // namespace timestep
