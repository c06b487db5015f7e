// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_prompt.h"

#include <array>
#include <cassert>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

constexpr int heldOutOneIn = 16;
constexpr int pairBytes = 5; // "q3=7 "
constexpr int questionBytes = 3; // "q3="
constexpr std::size_t keyCount = 26 * 10;

std::string keyText(int key)
{
    return { static_cast<char>('a' + key / 10), static_cast<char>('0' + key % 10), '=' };
}

/// Different keys: the beginning of a shuffle of all of them.
std::vector<int> drawnKeys(std::size_t count, RandomDraws& draws)
{
    std::array<int, keyCount> keys;
    std::iota(keys.begin(), keys.end(), 0);
    for (std::size_t k = 0; k < count; ++k)
        std::swap(keys[k], keys[k + draws.below(keyCount - k)]);
    return { keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count) };
}

RecallPrompt drawnPrompt(int pairs, int asked, RandomDraws& draws)
{
    RecallPrompt prompt { .text = {}, .answer = '0', .pairs = pairs, .asked = asked };
    const std::vector<int> keys = drawnKeys(static_cast<std::size_t>(pairs), draws);
    for (std::size_t pair = 0; pair < keys.size(); ++pair) {
        const char value = static_cast<char>('0' + draws.below(10));
        prompt.text += keyText(keys[pair]) + value + ' ';
        if (pair == static_cast<std::size_t>(asked))
            prompt.answer = value;
    }
    prompt.text += keyText(keys[static_cast<std::size_t>(asked)]);
    return prompt;
}

} // namespace

RecallPrompt drawnRecallPrompt(int pairs, int asked, DataSide side, RandomDraws& draws)
{
    assert(pairs >= 1 && pairs <= mostRecallPairs && asked >= 0 && asked < pairs);
    while (true) {
        RecallPrompt prompt = drawnPrompt(pairs, asked, draws);
        if (sideOf(prompt.text, heldOutOneIn) == side)
            return prompt;
    }
}

int recallPromptSteps(int pairs) { return pairBytes * pairs + questionBytes; }

TrainingBatch recallBatch(std::span<const RecallPrompt> prompts, int rows, int steps)
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
        .counted = std::ssize(prompts) };
    for (std::size_t row = 0; row < prompts.size(); ++row) {
        std::size_t place = row * width;
        for (const char byte : prompts[row].text)
            batch.tokens[place++] = tokenOf(byte);
        batch.targets[place - 1] = tokenOf(prompts[row].answer);
    }
    return batch;
}

std::shared_ptr<const Vocabulary> recallVocabulary()
{
    static const std::shared_ptr<const Vocabulary> vocabulary = Vocabulary::fromMerges({});
    return vocabulary;
}

} // namespace timestep
