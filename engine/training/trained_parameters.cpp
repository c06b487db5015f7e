// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trained_parameters.h"

#include "engine/execution/text_layers.h"
#include "engine/training/trained_attention.h"
#include "engine/training/trained_lstm.h"

#include <numbers>

namespace timestep {

TrainedParameters::TrainedParameters(const PlanShape& shape, PackedHead head)
    : m_layout(shape)
    , m_values(static_cast<std::size_t>(m_layout.size()))
    , m_head(std::move(head))
{
}

void TrainedParameters::addEnds(
    const PlanShape& shape, std::function<void(int, const float*)> packPositions)
{
    const int vocabulary = shape.ends.vocabulary;
    if (m_layout.head() > m_layout.headBias())
        addTensor({ m_layout.headBias(), 1, vocabulary, false, [this](int, const float* bias) {
                       for (int token = 0; token < m_head.vocabulary; ++token)
                           m_head.bias.data()[token] = std::numbers::log2e_v<float> * bias[token];
                   } });
    addTensor(
        { m_layout.head(), vocabulary, shape.width, true, [this](int token, const float* row) {
             m_head.predicting.setColumn(token, row, std::numbers::log2e_v<float>);
             m_head.backward.setRow(token, row, m_head.width);
         } });
    if (shape.ends.positions > 0)
        addTensor({ m_layout.positions(), shape.ends.positions, shape.width, true,
            std::move(packPositions) });
    if (!shape.ends.tied)
        addTensor({ m_layout.embedding(), vocabulary, shape.inputWidth, true, {} });
}

void TrainedParameters::pack(IndexRange parameters) noexcept
{
    for (const TrainedTensor& tensor : m_tensors) {
        if (!tensor.pack)
            continue;
        const IndexRange rows = tensor.rowsBegunIn(parameters);
        for (int row = rows.begin; row < rows.end; ++row)
            tensor.pack(row,
                m_values.data() + tensor.begin + static_cast<std::ptrdiff_t>(row) * tensor.columns);
    }
}

Matrix<float> TrainedParameters::matrixAt(int begin, int rows, int columns) const
{
    return Eigen::Map<const Matrix<float>>(m_values.data() + begin, rows, columns);
}

RowVector<float> TrainedParameters::vectorAt(int begin, int columns) const
{
    return Eigen::Map<const RowVector<float>>(m_values.data() + begin, columns);
}

std::unique_ptr<TrainedParameters> trainedParameters(const Model& model, const PlanShape& shape)
{
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&model.weights))
        return std::make_unique<TrainedLstm>(*lstm, shape);
    return std::make_unique<TrainedAttention>(
        std::get<AttentionWeights<float>>(model.weights), model.shape, shape);
}

PlanShape trainingShape(const Model& model, int rows, int steps)
{
    PlanShape shape = planShapeOf(model.shape, steps, rows, true);
    shape.training = true;
    shape.ends.vocabulary = model.shape.vocabulary;
    shape.ends.tied = model.shape.tied;
    if (const auto* attention = std::get_if<AttentionWeights<float>>(&model.weights)) {
        shape.inputWidth = shape.width;
        shape.ends.positions = static_cast<int>(attention->positions.rows());
    }
    return shape;
}

} // namespace timestep
