// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/untrained_model.h"
#include "engine/training/recall_task.h"
#include "engine/training/trainer.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timestep {

enum class TrainingTask
{
    Text, // what follows, at every position of a corpus
    Recall // the value of the key that is asked for
};

std::string_view taskName(TrainingTask task); // "text" | "recall"

/// All that the bits of a training depend on, and how many threads it has.
struct TrainingSettings
{
    TrainingTask task = TrainingTask::Text;
    std::vector<std::string> corpus; // files and folders (text)
    std::uint64_t corpusDigest = 0; // of its documents; 0: not read yet (text)
    std::string vocabulary; // a folder; empty: the bundled one (text)
    int heldOutOneIn = 20; // documents that are not trained on (text)
    RecallSettings recall;
    ModelShape model; // its vocabulary follows from the task
    Positions positions = Positions::Learned;
    Start start = Start::Random; // of attention
    TrainerSettings trainer; // its seed is also that of the weights and of the batches
    std::string kernel; // as kernelsNamed takes it
};

/// JSON that parseTrainingSettings reads.
std::string formatTrainingSettings(const TrainingSettings& settings);

/// Throws Error that begins with `where` and names the key.
TrainingSettings parseTrainingSettings(std::string_view json, const std::string& where);

} // namespace timestep
