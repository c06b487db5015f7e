// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/packed_model.h"

namespace timestep {

namespace {

std::variant<PackedLstm, PackedAttention> pack(const Model& model)
{
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&model.weights))
        return PackedLstm(lstm->layers);
    return PackedAttention(std::get<AttentionWeights<float>>(model.weights).layers);
}

PackedMatrix packHead(const Model& model)
{
    return std::visit(
        [](const auto& weights) {
            const Matrix<float>& head = weights.head.size() > 0 ? weights.head : weights.embedding;
            return PackedMatrix(static_cast<int>(head.cols()), static_cast<int>(head.rows()),
                [&](int k, int column) { return head(column, k); });
        },
        model.weights);
}

} // namespace

PackedModel::PackedModel(ModelPointer model, const Kernels& kernels)
    : m_model(std::move(model))
    , m_kernels(kernels)
    , m_weights(pack(*m_model))
    , m_head(packHead(*m_model))
{
}

const float* PackedModel::headBias() const
{
    const auto* lstm = std::get_if<LstmWeights<float>>(&m_model->weights);
    return lstm != nullptr ? lstm->headBias.data() : nullptr;
}

} // namespace timestep
