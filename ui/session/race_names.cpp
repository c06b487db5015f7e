// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_names.h"

#include "engine/measurement/sweep_columns.h"

#include <algorithm>
#include <iterator>

namespace timestep {

namespace {

template <typename Value>
struct Named
{
    Value value;
    std::string_view name;
};

constexpr Named<RaceQuestion> questions[] = {
    { RaceQuestion::Length, "length" },
    { RaceQuestion::Rows, "rows" },
    { RaceQuestion::SubBatches, "sub-batches" },
    { RaceQuestion::Memory, "memory" },
};

constexpr Named<RacePicture> pictures[] = {
    { RacePicture::TimeOfRows, "time-of-rows" },
    { RacePicture::SpeedUpOfRows, "speed-up-of-rows" },
    { RacePicture::TimeOfOne, "time-of-one" },
    { RacePicture::SpeedUpOfOne, "speed-up-of-one" },
    { RacePicture::Writing, "writing" },
    { RacePicture::LatencyOfManyRows, "latency-of-many-rows" },
    { RacePicture::ThroughputOfManyRows, "throughput-of-many-rows" },
    { RacePicture::PeakShareOfManyRows, "peak-share-of-many-rows" },
    { RacePicture::TimeOfSubBatches, "time-of-sub-batches" },
    { RacePicture::SpeedUpOfSubBatches, "speed-up-of-sub-batches" },
    { RacePicture::ReadingMemory, "reading-memory" },
    { RacePicture::TrainingMemory, "training-memory" },
};

constexpr Named<RaceLine> lines[] = {
    { RaceLine::Lstm, "lstm" },
    { RaceLine::Attention, "attention" },
    { RaceLine::HiddenSplit, "hidden-split" },
    { RaceLine::StoredAffinities, "stored-affinities" },
};

template <typename Value, std::size_t count>
std::string_view nameIn(const Named<Value> (&all)[count], Value value)
{
    return std::find_if(std::begin(all), std::end(all), [value](const Named<Value>& named) {
        return named.value == value;
    })->name;
}

template <typename Value, std::size_t count>
std::optional<Value> valueIn(const Named<Value> (&all)[count], std::string_view name)
{
    const auto found = std::find_if(std::begin(all), std::end(all),
        [name](const Named<Value>& named) { return named.name == name; });
    return found == std::end(all) ? std::nullopt : std::optional(found->value);
}

} // namespace

std::string_view raceName(RaceQuestion question) { return nameIn(questions, question); }

std::string_view raceName(RacePicture picture) { return nameIn(pictures, picture); }

std::string_view raceName(RaceLine line) { return nameIn(lines, line); }

std::optional<RaceQuestion> raceQuestionFromName(std::string_view name)
{
    return valueIn(questions, name);
}

std::optional<RacePicture> racePictureFromName(std::string_view name)
{
    return valueIn(pictures, name);
}

std::optional<RaceLine> raceLineFromName(std::string_view name) { return valueIn(lines, name); }

std::optional<SweepCell::Pass> passFromName(std::string_view name)
{
    using Pass = SweepCell::Pass;
    for (Pass pass : { Pass::Inference, Pass::Training, Pass::Generation })
        if (passName(pass) == name)
            return pass;
    return std::nullopt;
}

} // namespace timestep
