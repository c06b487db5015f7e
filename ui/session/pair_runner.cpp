// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/pair_runner.h"

#include <algorithm>
#include <span>
#include <utility>

namespace timestep {

int windowLength(const ModelPair& models, const Settings& settings)
{
    int length = settings.windowLength;
    for (const ModelPointer& model : { models.lstm, models.attention }) {
        if (model->shape.context > 0)
            length = std::min(length, model->shape.context);
    }
    return length;
}

TokenizedTextPointer PairRunner::tokenize(const RunRequest& request)
{
    const auto& vocabulary = request.models.lstm->vocabulary;
    if (!m_tokenizer || m_tokenizer->vocabulary() != vocabulary)
        m_tokenizer = std::make_unique<Tokenizer>(vocabulary);
    auto tokenized = std::make_shared<TokenizedText>();
    tokenized->text = *request.text;
    tokenized->tokens = m_tokenizer->encode(tokenized->text);
    tokenized->window = windowOf(tokenized->count(), request.settings.windowBegin,
        windowLength(request.models, request.settings));
    return tokenized;
}

std::shared_ptr<const Run> PairRunner::run(
    const RunRequest& request, const TokenizedText& tokenized, const std::stop_token& stop)
{
    auto run = std::make_shared<Run>();
    run->text = tokenized.text;
    run->tokens = tokenized.tokens;
    run->window = tokenized.window;
    run->rows = request.allRows ? request.settings.rows : 1;
    if (tokenized.window.count() == 0)
        return run;
    m_ready.prepare(request.models, request.settings);
    run->lstm = runOne(m_ready.lstm(), request.settings.lstmStrategy, request, tokenized, stop);
    if (!run->lstm)
        return nullptr;
    run->attention
        = runOne(m_ready.attention(), request.settings.attentionStrategy, request, tokenized, stop);
    if (!run->attention)
        return nullptr;
    return run;
}

std::shared_ptr<const ModelRun> PairRunner::runOne(const PackedModel& model, Strategy strategy,
    const RunRequest& request, const TokenizedText& tokenized, const std::stop_token& stop)
{
    RunSettings settings;
    settings.rows = request.allRows ? request.settings.rows : 1;
    settings.subBatches = std::min(request.settings.subBatches, settings.rows);
    settings.strategy = strategy;
    settings.causal = request.settings.causal;
    settings.record = true;
    settings.trace = request.allRows;
    settings.memoryBudget = request.settings.memoryBudget;
    const auto window = std::span(tokenized.tokens)
                            .subspan(static_cast<std::size_t>(tokenized.window.begin),
                                static_cast<std::size_t>(tokenized.window.count()));
    std::optional<ModelRun> run = runModel(model, window, settings, m_ready.executor(), stop);
    return run ? std::make_shared<const ModelRun>(std::move(*run)) : nullptr;
}

} // namespace timestep
