// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/asked_early.h"

#include "engine/error.h"
#include "engine/model/predictions.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace timestep {

namespace {

void refuseUnlessAsked(
    const Model& model, std::span<const TokenId> tokens, Question question, int first)
{
    const int body = static_cast<int>(tokens.size()) - question.length;
    if (question.length < 1 || body < 1)
        throw Error("a question of " + std::to_string(question.length)
            + " tokens cannot end a text of " + std::to_string(tokens.size())
            + "; take at least 1, and leave 1 to be asked about");
    if (first < 0 || first >= body)
        throw Error("the question cannot be asked after step " + std::to_string(first)
            + ": before it the text has steps 0 to " + std::to_string(body - 1));
    refuseUnknownToken(model, question.answer);
}

EarlyAnswer answerOf(int step, std::span<const float> logits, TokenId right)
{
    const Prediction best = bestPredictions(logits, 1).front();
    const float logit = logits[static_cast<std::size_t>(right)];
    EarlyAnswer answer { .step = step, .best = best.id, .bestProbability = best.probability };
    const double behind = static_cast<double>(logit) - logits[static_cast<std::size_t>(best.id)];
    answer.probability = best.probability * std::exp(behind);
    for (TokenId other = 0; other < static_cast<TokenId>(logits.size()); ++other) {
        const float rival = logits[static_cast<std::size_t>(other)];
        answer.rank += rival > logit || (rival == logit && other < right) ? 1 : 0;
    }
    return answer;
}

} // namespace

std::optional<RepeatedEnding> repeatedEnding(std::span<const TokenId> tokens)
{
    const auto count = static_cast<int>(tokens.size());
    RepeatedEnding longest;
    for (int after = count - 1; after > 0; --after) { // the place of what followed
        int length = 0;
        while (length < after && after < count - length - 1
            && tokens[static_cast<std::size_t>(after - length - 1)]
                == tokens[static_cast<std::size_t>(count - length - 1)])
            ++length;
        if (length > longest.length)
            longest = { length, after - length, tokens[static_cast<std::size_t>(after)] };
    }
    return longest.length > 0 ? std::optional(longest) : std::nullopt;
}

std::optional<std::vector<EarlyAnswer>> askAfterEachStep(const TextReading& reading,
    std::span<const TokenId> tokens, Question question, int first, const std::stop_token& stop)
{
    refuseUnlessAsked(*reading.model.model(), tokens, question, first);
    const auto asked = tokens.last(static_cast<std::size_t>(question.length));
    std::vector<TextToRead> texts;
    for (std::size_t read = static_cast<std::size_t>(first) + 1;
         read <= tokens.size() - asked.size(); ++read) {
        TextToRead text { .tokens = { tokens.begin(), tokens.begin() + std::ptrdiff_t(read) } };
        text.tokens.insert(text.tokens.end(), asked.begin(), asked.end());
        text.position = static_cast<int>(text.tokens.size()) - 1;
        texts.push_back(std::move(text));
    }
    std::vector<EarlyAnswer> answers(texts.size());
    if (!readTexts(reading, texts, stop, [&](std::size_t text, std::span<const float> logits) {
            answers[text] = answerOf(first + static_cast<int>(text), logits, question.answer);
        }))
        return std::nullopt;
    return answers;
}

std::optional<EarlyAnswer> askAlone(const TextReading& reading, std::span<const TokenId> tokens,
    Question question, const std::stop_token& stop)
{
    refuseUnlessAsked(*reading.model.model(), tokens, question, 0);
    const auto asked = tokens.last(static_cast<std::size_t>(question.length));
    const std::vector<TextToRead> texts { { { asked.begin(), asked.end() }, question.length - 1 } };
    EarlyAnswer answer;
    if (!readTexts(reading, texts, stop, [&](std::size_t, std::span<const float> logits) {
            answer = answerOf(-1, logits, question.answer);
        }))
        return std::nullopt;
    return answer;
}

} // namespace timestep
