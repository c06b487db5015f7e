// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/vocabulary.h"
#include "engine/training/held_out.h"
#include "engine/training/training_batch.h"

#include <cstdint>
#include <memory>
#include <string>

namespace timestep {

/// Key-value pairs, then one of the keys: `q3=7 a9=1 q3=` asks for `7`. A key is a lowercase letter
/// and a digit, a value a digit; pairs are parted by one space; no key occurs twice.
struct RecallPrompt
{
    std::string text; // 5 bytes a pair, 3 for the key that is asked for
    char answer = '0'; // the digit that follows
    int pairs = 0;
    int asked = 0; // which pair, counted from 0
    bool operator==(const RecallPrompt&) const = default;

    /// Pairs between the one that is asked for and the question.
    int distance() const { return pairs - 1 - asked; }
};

struct RecallSettings
{
    int minPairs = 1;
    int maxPairs = 32; // the most there can be
};

/// Prompts to train on and others to judge by, as many as anybody asks for. A prompt's text decides
/// on which side it lies (one in 16 is held out), so what was trained on under one seed is never
/// asked under another.
class RecallTask
{
public:
    /// Throws Error where the numbers of pairs are none of 1 ≤ min ≤ max ≤ 32.
    RecallTask(const RecallSettings& settings, std::uint64_t seed);

    /// Prompt `number` of one side: the same for a seed and settings, in whatever order they are
    /// asked for. All numbers of pairs from min to max are equally likely, and so is each pair to
    /// be asked for. Two numbers may have the same prompt, as few pairs leave few of them.
    RecallPrompt prompt(std::uint64_t number, DataSide side) const;

    /// T: tokens of the longest prompt.
    int steps() const;

    /// Batch `number` of `rows` prompts: row r holds prompt number · rows + r. Only the answer
    /// counts.
    ///
    /// A shorter prompt is padded at its end, which is sound for both models: the answer is read
    /// off the last token of the prompt, and neither an LSTM nor causal attention has seen there
    /// what follows. Padding in front would be read first: it would change the LSTM's state, and
    /// for attention the positions and the keys, into what no prompt meets that somebody types.
    /// (Attention that is not causal sees the padding and must not be trained on this.)
    TrainingBatch batch(std::uint64_t number, int rows, DataSide side) const;

private:
    RecallSettings m_settings;
    std::uint64_t m_seed;
};

/// One token for every byte: what models of the recall task read.
std::shared_ptr<const Vocabulary> recallVocabulary();

} // namespace timestep
