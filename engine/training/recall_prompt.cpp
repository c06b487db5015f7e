// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_prompt.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string_view>
#include <utility>

namespace timestep {

namespace {

constexpr int heldOutOneIn = 16;
constexpr int pairBytes = 5; // "q3=7 "
constexpr int questionBytes = 3; // "q3="
constexpr int answeredBytes = 5; // "7 a9=": an answer and the next question

constexpr int letters = 26;
constexpr int digits = 10;

std::string keyText(int key)
{
    return { static_cast<char>('a' + key / digits), static_cast<char>('0' + key % digits), '=' };
}

/// Different keys: the beginning of a shuffle of all of them.
std::vector<int> drawnKeys(std::size_t count, RecallKeys which, RandomDraws& draws)
{
    std::vector<int> keys(static_cast<std::size_t>(keyCount(which)));
    const int first
        = which == RecallKeys::Any ? 0 : digits * static_cast<int>(draws.below(letters));
    std::iota(keys.begin(), keys.end(), first);
    for (std::size_t k = 0; k < count; ++k)
        std::swap(keys[k], keys[k + draws.below(keys.size() - k)]);
    keys.resize(count);
    return keys;
}

RecallPrompt drawnPrompt(int pairs, int asked, RecallKeys which, RandomDraws& draws)
{
    RecallPrompt prompt;
    prompt.pairs = pairs;
    prompt.asked = asked;
    const std::vector<int> keys = drawnKeys(static_cast<std::size_t>(pairs), which, draws);
    for (std::size_t pair = 0; pair < keys.size(); ++pair) {
        const char value = static_cast<char>('0' + draws.below(10));
        prompt.text += keyText(keys[pair]) + value + ' ';
        if (pair == static_cast<std::size_t>(asked))
            prompt.answer = value;
    }
    prompt.text += keyText(keys[static_cast<std::size_t>(asked)]);
    return prompt;
}

/// One of the pairs of a prompt that lies on `side` when it is asked for in the prompt's place.
RecallQuestion drawnQuestion(const RecallPrompt& prompt, DataSide side, RandomDraws& draws)
{
    const std::string pairs
        = prompt.text.substr(0, static_cast<std::size_t>(pairBytes * prompt.pairs));
    while (true) {
        const std::string_view pair = std::string_view(pairs).substr(
            pairBytes * draws.below(static_cast<std::uint64_t>(prompt.pairs)), pairBytes);
        std::string key(pair.substr(0, questionBytes));
        if (sideOf(pairs + key, heldOutOneIn) == side)
            return { std::move(key), pair[questionBytes] };
    }
}

/// The prompt and its questions, each with its answer.
std::string answeredText(const RecallPrompt& prompt)
{
    std::string text = prompt.text + prompt.answer;
    for (const RecallQuestion& question : prompt.further)
        text += ' ' + question.key + question.answer;
    return text;
}

} // namespace

int keyCount(RecallKeys which) { return which == RecallKeys::Any ? letters * digits : digits; }

RecallPrompt drawnRecallPrompt(
    int pairs, int asked, DataSide side, RandomDraws& draws, int further, RecallKeys which)
{
    assert(pairs >= 1 && pairs <= std::min(mostRecallPairs, keyCount(which)));
    assert(asked >= 0 && asked < pairs);
    RecallPrompt prompt;
    do
        prompt = drawnPrompt(pairs, asked, which, draws);
    while (sideOf(prompt.text, heldOutOneIn) != side);
    for (int question = 0; question < further; ++question)
        prompt.further.push_back(drawnQuestion(prompt, side, draws));
    return prompt;
}

int recallPromptSteps(int pairs, int further)
{
    return pairBytes * pairs + questionBytes + answeredBytes * further;
}

TrainingBatch recallBatch(
    std::span<const RecallPrompt> prompts, int rows, int steps, RecallTargets targets)
{
    assert(rows > 0 && std::ssize(prompts) <= rows);
    const std::shared_ptr<const Vocabulary> vocabulary = recallVocabulary();
    const auto tokenOf
        = [&](char byte) { return vocabulary->byteId(static_cast<unsigned char>(byte)); };
    const auto width = static_cast<std::size_t>(steps);
    const std::size_t places = static_cast<std::size_t>(rows) * width;
    TrainingBatch batch { .rows = rows,
        .steps = steps,
        .tokens = std::vector<TokenId>(places, tokenOf(' ')), // what they are is never seen
        .targets = std::vector<TokenId>(places, uncounted),
        .counted = 0 };
    for (std::size_t row = 0; row < prompts.size(); ++row) {
        const std::string text = answeredText(prompts[row]);
        for (std::size_t i = 0; i + 1 < text.size(); ++i) {
            const std::size_t place = row * width + i;
            batch.tokens[place] = tokenOf(text[i]);
            const bool asks = i + 1 >= prompts[row].text.size() && text[i] == '=';
            if (!asks && targets == RecallTargets::Answers)
                continue;
            batch.targets[place] = tokenOf(text[i + 1]);
            ++batch.counted;
        }
    }
    return batch;
}

std::shared_ptr<const Vocabulary> recallVocabulary() { return Vocabulary::singleBytes(); }

} // namespace timestep
