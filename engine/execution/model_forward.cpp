// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/model_forward.h"

#include "engine/execution/reference_output.h"
#include "engine/execution/text_layers.h"
#include "engine/kernels/aligned_floats.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"

#include <algorithm>
#include <limits>

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

/// The reference ends with the context, and keeps every affinity of a text in double precision.
bool beyondReference(const ModelShape& model, const PlanShape& shape)
{
    constexpr double mostAffinities = 1 << 25; // 256 MiB
    const double affinities = 1.0 * model.layers * model.heads * shape.steps * shape.steps;
    return (model.context > 0 && shape.steps > model.context) || affinities > mostAffinities
        || wholeReferenceIsSlow(shape);
}

} // namespace

struct ModelForward::Pass
{
    const PackedModel& model;
    std::vector<TokenId> tokens; // (T)
    PlanShape shape;
    AlignedFloats output; // (T − first step, H or D) of row 0
};

ModelForward::ModelForward(
    const PackedModel& model, std::vector<TokenId> tokens, int rows, int firstStep)
{
    const int steps = static_cast<int>(tokens.size());
    PlanShape shape = planShapeOf(model.model()->shape, steps, rows, true);
    shape.firstStep = firstStep;
    m_pass = std::make_unique<Pass>(Pass { model, std::move(tokens), shape,
        AlignedFloats(
            static_cast<std::size_t>(shape.newSteps()) * static_cast<std::size_t>(shape.width)) });
}

ModelForward::~ModelForward() = default;

const PlanShape& ModelForward::shape() const { return m_pass->shape; }

std::int64_t ModelForward::parameters() const { return m_pass->model.model()->parameters(); }

const float* ModelForward::output() const { return m_pass->output.data(); }

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
    const PlanShape& shape = m_pass->shape;
    if (shape.firstStep > 0 && beyondReference(model.shape, shape))
        return std::numeric_limits<double>::quiet_NaN();
    int read = shape.firstStep > 0 ? shape.steps : std::min(shape.steps, positionsCompared);
    if (model.shape.context > 0)
        read = std::min(read, model.shape.context);
    if (read == 0)
        return 0;
    const Matrix<double> hidden
        = lastHidden(model, std::span(m_pass->tokens).first(static_cast<std::size_t>(read)));
    ReferenceOutput expected { {}, hidden.bottomRows(read - shape.firstStep) };
    for (int step = shape.firstStep; step < read; ++step)
        expected.positions.push_back(step - shape.firstStep);
    return relativeError(expected, m_pass->output.data());
}

} // namespace timestep
