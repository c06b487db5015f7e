// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_task.h"

#include "engine/error.h"
#include "engine/training/random_draws.h"

#include <array>
#include <cassert>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

constexpr int mostPairs = 32;
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

RecallTask::RecallTask(const RecallSettings& settings, std::uint64_t seed)
    : m_settings(settings)
    , m_seed(seed)
{
    const auto [least, most] = settings;
    if (least < 1 || most > mostPairs || least > most)
        throw Error("a recall prompt has from 1 to " + std::to_string(mostPairs)
            + " pairs, and no fewer at most than at least; found " + std::to_string(least) + " to "
            + std::to_string(most));
}

RecallPrompt RecallTask::prompt(std::uint64_t number, DataSide side) const
{
    RandomDraws draws(m_seed, DrawPurpose::RecallPrompt, number);
    const auto drawn = [&](int limit) {
        return static_cast<int>(draws.below(static_cast<std::uint64_t>(limit)));
    };
    const int pairs = m_settings.minPairs + drawn(m_settings.maxPairs - m_settings.minPairs + 1);
    const int asked = drawn(pairs);
    while (true) {
        RecallPrompt prompt = drawnPrompt(pairs, asked, draws);
        if (sideOf(prompt.text, heldOutOneIn) == side)
            return prompt;
    }
}

int RecallTask::steps() const { return pairBytes * m_settings.maxPairs + questionBytes; }

TrainingBatch RecallTask::batch(std::uint64_t number, int rows, DataSide side) const
{
    assert(rows > 0);
    const std::shared_ptr<const Vocabulary> vocabulary = recallVocabulary();
    const auto tokenOf
        = [&](char byte) { return vocabulary->byteId(static_cast<unsigned char>(byte)); };
    const auto count = static_cast<std::size_t>(rows);
    const auto width = static_cast<std::size_t>(steps());
    TrainingBatch batch { .rows = rows,
        .steps = steps(),
        .tokens = std::vector<TokenId>(count * width, tokenOf(' ')), // what they are is never seen
        .targets = std::vector<TokenId>(count * width, uncounted),
        .counted = rows };
    for (std::size_t row = 0; row < count; ++row) {
        const RecallPrompt asked = prompt(number * count + row, side);
        std::size_t place = row * width;
        for (const char byte : asked.text)
            batch.tokens[place++] = tokenOf(byte);
        batch.targets[place - 1] = tokenOf(asked.answer);
    }
    return batch;
}

std::shared_ptr<const Vocabulary> recallVocabulary()
{
    static const std::shared_ptr<const Vocabulary> vocabulary = Vocabulary::fromMerges({});
    return vocabulary;
}

} // namespace timestep
