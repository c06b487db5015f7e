// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/checkpoint.h"

#include "engine/error.h"
#include "engine/model/safetensors.h"

#include <array>
#include <charconv>
#include <string_view>

namespace timestep {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view parametersName = "parameters";
constexpr std::string_view firstMomentsName = "first_moments";
constexpr std::string_view secondMomentsName = "second_moments";
constexpr std::string_view stepsKey = "timestep_steps";
constexpr std::string_view settingsKey = "timestep_settings";

NamedTensor named(std::string_view name, const std::vector<float>& numbers)
{
    return { std::string(name), { numbers.size() }, numbers };
}

std::string metadata(const SafetensorsFile& file, std::string_view key)
{
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end())
        throw Error(file.path().string() + ": its metadata has no \"" + std::string(key)
            + "\"; it is not a checkpoint of timestep train");
    return found->second;
}

std::int64_t stepsOf(const SafetensorsFile& file)
{
    const std::string text = metadata(file, stepsKey);
    std::int64_t steps = -1;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), steps).ptr;
    if (end != text.data() + text.size() || steps < 0)
        throw Error(file.path().string() + ": expected a number of steps, found \"" + text
            + "\"; the checkpoint is damaged, use another");
    return steps;
}

} // namespace

fs::path checkpointFile(const fs::path& folder) { return folder / "training.safetensors"; }

void writeCheckpoint(const Checkpoint& checkpoint, const fs::path& folder)
{
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw Error(folder.string() + ": cannot be made: " + failed.message());

    const AdamWState& optimizer = checkpoint.state.optimizer;
    const std::array tensors { named(parametersName, checkpoint.state.parameters),
        named(firstMomentsName, optimizer.firstMoments),
        named(secondMomentsName, optimizer.secondMoments) };
    writeSafetensors(checkpointFile(folder), tensors,
        { { std::string(stepsKey), std::to_string(optimizer.steps) },
            { std::string(settingsKey), checkpoint.settings } });
}

Checkpoint readCheckpoint(const fs::path& folder)
{
    SafetensorsFile file(checkpointFile(folder));
    Checkpoint checkpoint;
    checkpoint.settings = metadata(file, settingsKey);
    checkpoint.state.parameters = file.numbers(parametersName);
    checkpoint.state.optimizer.firstMoments = file.numbers(firstMomentsName);
    checkpoint.state.optimizer.secondMoments = file.numbers(secondMomentsName);
    checkpoint.state.optimizer.steps = stepsOf(file);
    return checkpoint;
}

} // namespace timestep
