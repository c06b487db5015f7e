// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/recall_prompt.h"

#include <cstdint>

namespace timestep {

struct RecallSettings
{
    int minPairs = 1;
    int maxPairs = mostRecallPairs;
    RecallKeys keys = RecallKeys::Any; // of all prompts, those held out too
    int questions = 1; // of a row to train on; what is held out asks one
    RecallTargets targets = RecallTargets::Answers; // of a row to train on
};

/// Prompts to train on and others to judge by, as many as anybody asks for. A prompt's text decides
/// on which side it lies (one in 16 is held out), so what was trained on under one seed is never
/// asked under another.
class RecallTask
{
public:
    /// Throws Error where the numbers of pairs are none of 1 ≤ min ≤ max ≤ 32, there is no
    /// question, or keys of one letter are too few.
    RecallTask(const RecallSettings& settings, std::uint64_t seed);

    /// Prompt `number` of one side: the same for a seed and settings, in whatever order they are
    /// asked for. All numbers of pairs from min to max are equally likely, and so is each pair to
    /// be asked for. Two numbers may have the same prompt, as few pairs leave few of them.
    RecallPrompt prompt(std::uint64_t number, DataSide side) const;

    /// T: tokens of the longest prompt with all its questions.
    int steps() const;

    /// Batch `number` of `rows` prompts: row r holds prompt number · rows + r. Of what is held
    /// out only the answers count.
    TrainingBatch batch(std::uint64_t number, int rows, DataSide side) const;

private:
    RecallSettings m_settings;
    std::uint64_t m_seed;
};

} // namespace timestep
