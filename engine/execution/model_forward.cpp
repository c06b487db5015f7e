// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/model_forward.h"

#include "engine/execution/reference_output.h"
#include "engine/execution/text_layers.h"
#include "engine/kernels/aligned_floats.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int positionsCompared
    = 128; // a fraction of a second for models of some million parameters

Matrix<double> lastHidden(const Model& model, std::span<const TokenId> tokens)
{
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&model.weights))
        return lstmForward<double>(lstm->cast<double>(), tokens).back().hidden;
    const auto& attention = std::get<AttentionWeights<float>>(model.weights);
    return attentionForward<double>(attention.cast<double>(), model.shape, tokens, true)
        .finalNorm.output;
}

} // namespace

struct ModelForward::Pass
{
    const PackedModel& model;
    std::vector<TokenId> tokens; // (T)
    PlanShape shape;
    AlignedFloats output; // (T, H or D) of row 0
};

ModelForward::ModelForward(const PackedModel& model, std::vector<TokenId> tokens, int rows)
{
    const int steps = static_cast<int>(tokens.size());
    const PlanShape shape = planShapeOf(model.model()->shape, steps, rows, true);
    m_pass = std::make_unique<Pass>(Pass { model, std::move(tokens), shape,
        AlignedFloats(static_cast<std::size_t>(steps) * static_cast<std::size_t>(shape.width)) });
}

ModelForward::~ModelForward() = default;

const PlanShape& ModelForward::shape() const { return m_pass->shape; }

std::int64_t ModelForward::parameters() const { return m_pass->model.model()->parameters(); }

std::size_t ModelForward::bytesNeeded(const Plan& plan, int lanes) const
{
    return TextLayers::bytesNeeded(m_pass->model, plan, lanes);
}

std::unique_ptr<Computation> ModelForward::prepare(
    const Plan& plan, int lanes, MemoryAccount& account)
{
    TextLayers::Text text;
    text.tokens = m_pass->tokens;
    text.lastHidden = m_pass->output.data();
    return std::make_unique<TextLayers>(m_pass->model, std::move(text), plan, lanes, account);
}

double ModelForward::maxError() const
{
    const Model& model = *m_pass->model.model();
    std::size_t count = std::min<std::size_t>(m_pass->tokens.size(), positionsCompared);
    if (model.shape.context > 0)
        count = std::min(count, static_cast<std::size_t>(model.shape.context));
    if (count == 0)
        return 0;
    ReferenceOutput expected { {}, lastHidden(model, std::span(m_pass->tokens).first(count)) };
    for (std::size_t position = 0; position < count; ++position)
        expected.positions.push_back(static_cast<int>(position));
    return relativeError(expected, m_pass->output.data());
}

} // namespace timestep
