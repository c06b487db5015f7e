// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/text_generation.h"

#include "engine/error.h"
#include "engine/execution/given_steps.h"
#include "engine/execution/logits.h"
#include "engine/execution/memory_budget.h"

#include <cassert>
#include <utility>

namespace timestep {

namespace {

constexpr int lanes = 1;

Plan planOf(const ModelShape& model, int most)
{
    PlanShape shape = planShapeOf(model, most + 1, 1, true);
    shape.firstStep = most;
    Cut cut;
    cut.grain = Grain::Executed;
    return makePlan(shape, cut);
}

} // namespace

TextGeneration::TextGeneration(
    std::shared_ptr<const PackedModel> model, int most, std::size_t memoryBudget)
    : m_model(std::move(model))
    , m_plan(planOf(m_model->model()->shape, most))
    , m_executor(lanes)
{
    const Model& plain = *m_model->model();
    if (plain.shape.context > 0 && most > plain.shape.context)
        throw Error("model \"" + plain.name + "\" reads " + std::to_string(plain.shape.context)
            + " tokens at most, not " + std::to_string(most) + "; go on from fewer");
    refuseBeyondBudget(
        "going on with model \"" + plain.name + "\" up to " + std::to_string(most) + " tokens",
        TextLayers::bytesNeeded(*m_model, m_plan, lanes), memoryBudget);
    TextLayers::Text text;
    text.tokens.resize(static_cast<std::size_t>(most) + 1);
    m_layers = std::make_unique<TextLayers>(*m_model, std::move(text), m_plan, lanes, m_account);
}

int TextGeneration::room() const
{
    return m_plan.shape().firstStep - static_cast<int>(m_tokens.size());
}

Outcome TextGeneration::read(std::span<const TokenId> more, std::stop_token stop)
{
    assert(std::ssize(more) <= room());
    const int begin = static_cast<int>(m_tokens.size());
    for (const TokenId token : more) {
        m_layers->putToken(static_cast<int>(m_tokens.size()), token);
        m_tokens.push_back(token);
    }
    const int end = static_cast<int>(m_tokens.size());
    if (end == begin)
        return Outcome::Finished;
    if (runGivenSteps(m_plan, { begin, end }, *m_layers, m_executor, stop) == Outcome::Cancelled)
        return Outcome::Cancelled;
    auto logits = logitsOf(*m_model, m_layers->givenHidden(end - 1), 1, stop);
    if (!logits)
        return Outcome::Cancelled;
    m_logits = std::move(*logits);
    return Outcome::Finished;
}

std::span<const float> TextGeneration::logits() const
{
    assert(m_logits.size() > 0);
    return { m_logits.data(), static_cast<std::size_t>(m_logits.size()) };
}

} // namespace timestep
