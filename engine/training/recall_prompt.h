// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/vocabulary.h"
#include "engine/training/held_out.h"
#include "engine/training/random_draws.h"
#include "engine/training/training_batch.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace timestep {

/// Which keys a prompt may have.
enum class RecallKeys
{
    Any, // of 26 letters and 10 digits
    OneLetter // all of one letter, another for each prompt: only the digit tells them apart
};

/// Keys that a prompt can choose from, and pairs that it can have.
int keyCount(RecallKeys which);

/// A key that is asked for once the question before has been answered.
struct RecallQuestion
{
    std::string key; // "q3="
    char answer = '0';
    bool operator==(const RecallQuestion&) const = default;
};

enum class RecallTargets
{
    Answers, // a token counts where the answer follows
    AllTokens // every token counts, as in a text
};

/// Key-value pairs, then one of the keys: `q3=7 a9=1 q3=` asks for `7`. A key is a lowercase letter
/// and a digit, a value a digit; pairs are parted by one space; no key occurs twice.
struct RecallPrompt
{
    std::string text; // 5 bytes a pair, 3 for the key that is asked for
    char answer = '0'; // the digit that follows
    int pairs = 0;
    int asked = 0; // which pair, counted from 0
    std::vector<RecallQuestion> further; // to learn more from the same pairs
    bool operator==(const RecallPrompt&) const = default;

    /// Pairs between the one that is asked for and the question.
    int distance() const { return pairs - 1 - asked; }
};

inline constexpr int mostRecallPairs = 32;

/// A prompt of one side, of `pairs` (1 … 32) pairs of which pair `asked` is asked for. Its text
/// decides on which side it lies: one in 16 is held out, whatever it was drawn for. Then so many
/// `further` questions, each a pair whose prompt lies on the same side, so that what is held out
/// is asked in no other way either.
RecallPrompt drawnRecallPrompt(int pairs, int asked, DataSide side, RandomDraws& draws,
    int further = 0, RecallKeys which = RecallKeys::Any);

/// T: tokens of a prompt of so many pairs with further questions and the answers before them.
int recallPromptSteps(int pairs, int further = 0);

/// B = `rows` rows of T = `steps` tokens: row r holds prompt r, of which `targets` count; in rows
/// beyond the prompts nothing does. Further questions follow the answer: `q3=7 a9=` and so on.
///
/// A shorter prompt is padded at its end, which is sound for both models: an answer is read off
/// the last token of its question, and neither an LSTM nor causal attention has seen there
/// what follows. Padding in front would be read first: it would change the LSTM's state, and
/// for attention the positions and the keys, into what no prompt meets that somebody types.
/// (Attention that is not causal sees the padding and must not be trained on this.)
TrainingBatch recallBatch(std::span<const RecallPrompt> prompts, int rows, int steps,
    RecallTargets targets = RecallTargets::Answers);

/// One token for every byte: what models of the recall task read.
std::shared_ptr<const Vocabulary> recallVocabulary();

} // namespace timestep
