// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

#include <filesystem>
#include <string>

namespace timestep {

/// A training on disk: where it stands, and how it was begun.
struct Checkpoint
{
    TrainerState state;
    std::string settings; // JSON, whatever its writer needs to go on
};

/// FOLDER/training.safetensors: `parameters`, `first_moments` and `second_moments` as the trainer
/// numbers them, the steps done and the settings among its metadata. One file, so that what is
/// taken up again is of one step whenever the writing was interrupted.
std::filesystem::path checkpointFile(const std::filesystem::path& folder);

/// Creates the folder where needed. The file appears whole or not at all. Throws Error.
void writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& folder);

/// Throws Error that names the file and what is wrong with it.
Checkpoint readCheckpoint(const std::filesystem::path& folder);

} // namespace timestep
