// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"

#include <filesystem>
#include <string>

namespace timestep {

/// What config.json says of a model.
struct ModelConfig
{
    ModelShape shape; // attention: tied until the tensors say otherwise
    bool sinusoids = false; // attention: positions are computed, there is no table
};

/// Reads config.json, of "model_type" gpt2 (Hugging Face's keys) or lstm. Throws Error that names
/// the file and the key, what is expected and what was found.
ModelConfig readModelConfig(const std::filesystem::path& file);

/// The same keys, for a file that readModelConfig reads.
std::string formatModelConfig(const ModelConfig& config);

} // namespace timestep
