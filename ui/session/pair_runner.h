// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/model/model.h"
#include "engine/text/tokenizer.h"
#include "ui/session/ready_pair.h"
#include "ui/session/settings.h"
#include "ui/session/tokenized_text.h"

#include <memory>
#include <stop_token>
#include <string>

namespace timestep {

/// One reading of a text by both models.
struct RunRequest
{
    std::shared_ptr<const std::string> text;
    ModelPair models;
    Settings settings;
    bool allRows = false; // else row 0 alone
};

/// Tokenizes and runs a pair of models. Keeps the warm threads, the packed weights and the
/// tokenizer from one request to the next; used by one thread at a time.
class PairRunner
{
public:
    TokenizedTextPointer tokenize(const RunRequest& request);
    /// Null when stopped. Throws Error.
    std::shared_ptr<const Run> run(
        const RunRequest& request, const TokenizedText& tokenized, const std::stop_token& stop);

private:
    std::shared_ptr<const ModelRun> runOne(const PackedModel& model, Strategy strategy,
        const RunRequest& request, const TokenizedText& tokenized, const std::stop_token& stop);

    std::unique_ptr<Tokenizer> m_tokenizer;
    ReadyPair m_ready;
};

/// Tokens in use at once: what the settings say, but no more than both models can read.
int windowLength(const ModelPair& models, const Settings& settings);

} // namespace timestep
