// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_task.h"

#include "engine/error.h"

#include <cassert>
#include <string>
#include <vector>

namespace timestep {

RecallTask::RecallTask(const RecallSettings& settings, std::uint64_t seed)
    : m_settings(settings)
    , m_seed(seed)
{
    const int least = settings.minPairs;
    const int most = settings.maxPairs;
    if (least < 1 || most > mostRecallPairs || least > most)
        throw Error("a recall prompt has from 1 to " + std::to_string(mostRecallPairs)
            + " pairs, and no fewer at most than at least; found " + std::to_string(least) + " to "
            + std::to_string(most));
    if (most > keyCount(settings.keys))
        throw Error("keys of one letter are " + std::to_string(keyCount(settings.keys))
            + ", too few for " + std::to_string(most) + " pairs");
    if (settings.questions < 1)
        throw Error(
            "a recall prompt asks 1 question or more; found " + std::to_string(settings.questions));
}

RecallPrompt RecallTask::prompt(std::uint64_t number, DataSide side) const
{
    RandomDraws draws(m_seed, DrawPurpose::RecallPrompt, number);
    const auto drawn = [&](int limit) {
        return static_cast<int>(draws.below(static_cast<std::uint64_t>(limit)));
    };
    const int pairs = m_settings.minPairs + drawn(m_settings.maxPairs - m_settings.minPairs + 1);
    const int asked = drawn(pairs);
    const int further = side == DataSide::Training ? m_settings.questions - 1 : 0;
    return drawnRecallPrompt(pairs, asked, side, draws, further, m_settings.keys);
}

int RecallTask::steps() const
{
    return recallPromptSteps(m_settings.maxPairs, m_settings.questions - 1);
}

TrainingBatch RecallTask::batch(std::uint64_t number, int rows, DataSide side) const
{
    assert(rows > 0);
    const auto count = static_cast<std::uint64_t>(rows);
    std::vector<RecallPrompt> prompts;
    for (std::uint64_t row = 0; row < count; ++row)
        prompts.push_back(prompt(number * count + row, side));
    return recallBatch(prompts, rows, steps(),
        side == DataSide::Training ? m_settings.targets : RecallTargets::Answers);
}

} // namespace timestep
