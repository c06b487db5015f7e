// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/training_settings.h"

#include <optional>
#include <stop_token>

namespace timestep {

/// What a training begins with, made from its settings.
struct TrainingMaterial
{
    ModelPointer initial;
    BatchSource batches;
    BatchSource heldOut; // batches that are not trained on; null: none
    std::uint64_t heldOutBatches = 0; // how many, few enough to be judged between two steps
    std::int64_t trainingTokens = 0; // text: of the corpus, without what is held out
};

/// Reads the corpus and the vocabulary, completes in `settings` what follows from the task
/// (vocabulary, context, length of a recall prompt, digest of the corpus), draws the weights, or
/// begins with those of `trained`, whose shape then replaces that of the settings. Nothing when
/// stopped. Throws Error that names the file or the setting, for a corpus that is not the one the
/// settings know, and where `trained` has another vocabulary. What would need more than
/// `memoryBudget` bytes (0: half of what is free) is refused before it is allocated: a corpus,
/// weights.
std::optional<TrainingMaterial> prepareTraining(TrainingSettings& settings,
    std::size_t memoryBudget, const std::stop_token& stop, ModelPointer trained = nullptr);

} // namespace timestep
