// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/error.h"
#include "engine/execution/run.h"
#include "engine/model/predictions.h"
#include "engine/text/tokenizer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>

namespace timestep {

/// A text as a model reads it in one go, and what it foretells at each place: for tests of what
/// models are said to do.
class ReadText
{
public:
    /// `continuation` is read after the text, in tokens of its own. Throws Error where both are
    /// longer than what the model reads.
    ReadText(const ModelPointer& model, std::string_view text, std::string_view continuation = {})
        : m_vocabulary(model->vocabulary)
    {
        const Tokenizer tokenizer(model->vocabulary);
        m_tokens = tokenizer.encode(text);
        m_textTokens = m_tokens.size();
        for (Token token : tokenizer.encode(continuation)) {
            token.begin += text.size();
            token.end += text.size();
            m_tokens.push_back(token);
        }
        const auto context = static_cast<std::size_t>(model->shape.context);
        if (m_textTokens == 0 || (context > 0 && m_tokens.size() > context)) {
            throw Error(model->name + " cannot read this text of " + std::to_string(m_tokens.size())
                + " tokens in one go");
        }
        Executor executor(1);
        m_logits
            = runModel(PackedModel(model, defaultKernels()), m_tokens, {}, executor, {})->logits;
    }

    /// Bits for each byte that the tokens from byte `begin` to byte `end` stand for; the very first
    /// token is never foretold. NaN where there are none.
    double bitsPerByte(std::size_t begin, std::size_t end) const
    {
        double nats = 0;
        std::size_t bytes = 0;
        for (std::size_t place = 1; place < m_tokens.size(); ++place) {
            const Token& token = m_tokens[place];
            if (token.begin < begin || token.end > end)
                continue;
            nats -= logProbability(place);
            bytes += token.end - token.begin;
        }
        return nats / std::numbers::ln2 / static_cast<double>(bytes);
    }

    double bitsPerByte() const { return bitsPerByte(0, m_tokens.back().end); }

    /// −∞ … 0, in nats: of all tokens of the continuation.
    double continuationLogProbability() const
    {
        double sum = 0;
        for (std::size_t place = m_textTokens; place < m_tokens.size(); ++place)
            sum += logProbability(place);
        return sum;
    }

    /// Where the continuation is read, the likeliest token at each of its places.
    std::string likeliestInstead() const
    {
        std::string pieces;
        for (std::size_t place = m_textTokens; place < m_tokens.size(); ++place)
            pieces += m_vocabulary->bytes(bestPredictions(logitsBefore(place), 1).front().id);
        return pieces;
    }

private:
    std::span<const float> logitsBefore(std::size_t place) const
    {
        return { m_logits.row(static_cast<Eigen::Index>(place) - 1).data(),
            static_cast<std::size_t>(m_logits.cols()) };
    }

    double logProbability(std::size_t place) const
    {
        const std::span<const float> logits = logitsBefore(place);
        const double largest = *std::ranges::max_element(logits);
        double sum = 0;
        for (const float logit : logits)
            sum += std::exp(logit - largest);
        return logits[static_cast<std::size_t>(m_tokens[place].id)] - largest - std::log(sum);
    }

    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::vector<Token> m_tokens;
    std::size_t m_textTokens = 0; // those of the text without its continuation
    Matrix<float> m_logits; // (T, V)
};

} // namespace timestep
