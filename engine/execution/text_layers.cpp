// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/text_layers.h"

#include "engine/execution/attention_computation.h"
#include "engine/execution/lstm_computation.h"
#include "engine/model/sinusoid_positions.h"

#include <algorithm>
#include <cassert>

namespace timestep {

namespace {

SequenceInput textInput(const Matrix<float>& embedding, const Plan& plan,
    const std::vector<TokenId>& tokens, bool ownRows)
{
    SequenceInput input;
    input.width = static_cast<int>(embedding.cols());
    input.steps = plan.shape().steps;
    input.embedding = embedding.data();
    input.tokens = tokens;
    input.ownRows = ownRows;
    return input;
}

/// Bytes of the sinusoids that attention without a table of positions is given.
std::size_t positionBytes(const PackedModel& model, const Plan& plan)
{
    const auto* attention = std::get_if<AttentionWeights<float>>(&model.model()->weights);
    if (attention == nullptr || attention->positions.size() > 0)
        return 0;
    return static_cast<std::size_t>(plan.shape().steps)
        * static_cast<std::size_t>(plan.shape().width) * sizeof(float);
}

} // namespace

TextLayers::TextLayers(
    const PackedModel& model, Text text, const Plan& plan, int lanes, MemoryAccount& account)
    : m_tokens(std::move(text.tokens))
    , m_positionBytes(positionBytes(model, plan), account)
{
    const int rowsPutOut = text.ownRows ? plan.shape().rows : 1;
    const SequenceOutput output { text.lastHidden, text.lastHidden != nullptr ? rowsPutOut : 0 };
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&model.model()->weights)) {
        LstmComputation::Setup setup;
        setup.weights = &std::get<PackedLstm>(model.weights());
        setup.kernels = &model.kernels();
        setup.input = textInput(lstm->embedding, plan, m_tokens, text.ownRows);
        setup.output = output;
        setup.recording = text.recording;
        setup.intervention = text.intervention;
        m_layers = std::make_unique<LstmComputation>(plan, setup, lanes, account);
        return;
    }
    const auto& attention = std::get<AttentionWeights<float>>(model.model()->weights);
    if (attention.positions.size() == 0)
        m_positions = sinusoidPositions<float>(plan.shape().steps, plan.shape().width);
    AttentionComputation::Setup setup;
    setup.weights = &std::get<PackedAttention>(model.weights());
    setup.kernels = &model.kernels();
    setup.input = textInput(attention.embedding, plan, m_tokens, text.ownRows);
    setup.positions = m_positions.size() > 0 ? &m_positions : &attention.positions;
    setup.finalNormGain = &attention.finalNormGain;
    setup.finalNormBias = &attention.finalNormBias;
    setup.epsilon = static_cast<float>(model.model()->shape.layerNormEpsilon);
    setup.output = output;
    setup.affinities = text.affinities;
    m_layers = std::make_unique<AttentionComputation>(plan, setup, lanes, account);
}

std::size_t TextLayers::bytesNeeded(const PackedModel& model, const Plan& plan, int lanes)
{
    return positionBytes(model, plan)
        + (plan.shape().kind == ModelKind::Lstm ? LstmComputation::bytesNeeded(plan, lanes)
                                                : AttentionComputation::bytesNeeded(plan, lanes));
}

void TextLayers::read(std::span<const TokenId> tokens)
{
    assert(tokens.size() == m_tokens.size());
    std::copy(tokens.begin(), tokens.end(), m_tokens.begin());
}

void TextLayers::run(const Operation& operation, const Worker& worker) noexcept
{
    m_layers->run(operation, worker);
}

bool TextLayers::finite() const { return m_layers->finite(); }

const float* TextLayers::givenHidden(int step) { return m_layers->givenHidden(step); }

void TextLayers::putToken(int step, TokenId token)
{
    m_tokens[static_cast<std::size_t>(step)] = token;
}

PlanShape planShapeOf(const ModelShape& model, int steps, int rows, bool causal)
{
    PlanShape shape;
    shape.kind = model.kind;
    shape.layers = model.layers;
    shape.width = model.width;
    shape.inputWidth = model.embedding;
    shape.heads = model.heads;
    shape.steps = steps;
    shape.rows = rows;
    shape.causal = causal;
    shape.attentionWindow = model.attentionWindow;
    return shape;
}

} // namespace timestep
