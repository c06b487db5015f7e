// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/read_texts.h"

#include "engine/error.h"
#include "engine/execution/logits.h"
#include "engine/execution/memory_budget.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/execution/strategy_choice.h"
#include "engine/execution/text_layers.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace timestep {

namespace {

// Products of so many rows fill the registers and the caches; more would only take more memory.
constexpr std::size_t mostRows = 64;

using Texts = std::span<const TextToRead>;

int longest(Texts texts)
{
    std::size_t tokens = 0;
    for (const TextToRead& text : texts)
        tokens = std::max(tokens, text.tokens.size());
    return static_cast<int>(tokens);
}

void refuseUnlessReadable(const Model& model, Texts texts)
{
    assert(std::all_of(texts.begin(), texts.end(), [](const TextToRead& text) {
        return text.position >= 0 && text.position < std::ssize(text.tokens);
    }));
    if (const int tokens = longest(texts); model.shape.context > 0 && tokens > model.shape.context)
        throw Error("one of the texts to be read has " + std::to_string(tokens)
            + " tokens, and model \"" + model.name + "\" reads "
            + std::to_string(model.shape.context) + " at most; take shorter ones");
}

/// Texts that are read at once.
class Batch
{
public:
    Batch(const TextReading& reading, Texts texts)
        : m_reading(reading)
        , m_texts(texts)
        , m_plan(planFor())
    {
    }

    std::size_t bytesNeeded() const
    {
        const PlanShape& shape = m_plan.shape();
        const std::size_t hidden = product({ shape.rows, shape.steps + 1, shape.width });
        const std::size_t logits = product({ shape.rows, m_reading.model.head().columns() });
        return TextLayers::bytesNeeded(m_reading.model, m_plan, m_reading.executor.threads())
            + (hidden + logits) * sizeof(float);
    }

    /// (rows, V): of each text at its position. Empty when stopped.
    std::optional<Matrix<float>> read(const std::stop_token& stop) const
    {
        const PlanShape& shape = m_plan.shape();
        AlignedFloats hidden(product({ shape.rows, shape.steps, shape.width }));
        TextLayers::Text text;
        text.tokens = padded();
        text.ownRows = true;
        text.lastHidden = hidden.data();
        MemoryAccount account;
        TextLayers layers(
            m_reading.model, std::move(text), m_plan, m_reading.executor.threads(), account);
        if (m_reading.executor.run(m_plan, layers, stop) == Outcome::Cancelled)
            return std::nullopt;
        if (!layers.finite())
            throw notFinite(*m_reading.model.model());

        AlignedFloats wanted(product({ shape.rows, shape.width }));
        for (int row = 0; row < shape.rows; ++row)
            std::copy_n(hidden.data()
                    + (product({ row, shape.steps }) + m_texts[std::size_t(row)].position)
                        * std::size_t(shape.width),
                shape.width, wanted.data() + product({ row, shape.width }));
        return logitsOf(m_reading.model, wanted.data(), shape.rows, stop);
    }

private:
    Plan planFor() const
    {
        const PlanShape shape = planShapeOf(m_reading.model.model()->shape, longest(m_texts),
            static_cast<int>(m_texts.size()), m_reading.causal);
        const int threads = m_reading.executor.threads();
        return makePlan(shape, executedCut(shape, Strategy::SubBatch, threads, threads));
    }

    std::vector<TokenId> padded() const // (rows, T)
    {
        const auto steps = static_cast<std::size_t>(m_plan.shape().steps);
        std::vector<TokenId> tokens(m_texts.size() * steps);
        for (std::size_t row = 0; row < m_texts.size(); ++row)
            std::copy(m_texts[row].tokens.begin(), m_texts[row].tokens.end(),
                tokens.begin() + static_cast<std::ptrdiff_t>(row * steps));
        return tokens;
    }

    const TextReading& m_reading;
    const Texts m_texts;
    const Plan m_plan;
};

/// How many of the texts, from the first on, are read together.
std::size_t rowsTogether(const TextReading& reading, Texts texts, std::size_t budget)
{
    std::size_t rows = std::min(texts.size(), mostRows);
    const bool looksAhead
        = reading.model.model()->shape.kind == ModelKind::Attention && !reading.causal;
    if (looksAhead)
        rows = static_cast<std::size_t>(
            std::find_if(texts.begin(), texts.begin() + std::ptrdiff_t(rows),
                [&](const TextToRead& text) {
                    return text.tokens.size() != texts[0].tokens.size();
                })
            - texts.begin());
    while (rows > 1 && Batch(reading, texts.first(rows)).bytesNeeded() > budget)
        rows /= 2;
    if (rows == 1)
        refuseBeyondBudget(
            "reading one of several texts with model \"" + reading.model.model()->name + "\"",
            Batch(reading, texts.first(1)).bytesNeeded(), reading.memoryBudget);
    return rows;
}

} // namespace

bool readTexts(const TextReading& reading, std::span<const TextToRead> texts,
    const std::stop_token& stop, const TextRead& read)
{
    refuseUnlessReadable(*reading.model.model(), texts);
    const std::size_t budget = memoryBudgetBytes(reading.memoryBudget);
    for (std::size_t first = 0; first < texts.size();) {
        const Texts left = texts.subspan(first);
        const Texts batch = left.first(rowsTogether(reading, left, budget));
        const std::optional<Matrix<float>> logits = Batch(reading, batch).read(stop);
        if (!logits)
            return false;
        for (const TextToRead& text : batch) {
            const auto row = static_cast<Eigen::Index>(&text - batch.data());
            read(first + static_cast<std::size_t>(row),
                { logits->row(row).data(), static_cast<std::size_t>(logits->cols()) });
        }
        first += batch.size();
    }
    return true;
}

} // namespace timestep
