// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/strategy.h"

#include <array>
#include <utility>

namespace timestep {

namespace {

constexpr std::array<std::pair<Strategy, std::string_view>, 7> names { {
    { Strategy::Auto, "auto" },
    { Strategy::Sequential, "sequential" },
    { Strategy::SubBatch, "sub-batch" },
    { Strategy::HiddenSplit, "hidden-split" },
    { Strategy::LayerWavefront, "layer-wavefront" },
    { Strategy::Head, "head" },
    { Strategy::QueryBlock, "query-block" },
} };

} // namespace

bool trains(Strategy strategy)
{
    return strategy != Strategy::Head && strategy != Strategy::QueryBlock;
}

std::string_view strategyName(Strategy strategy)
{
    return names[static_cast<std::size_t>(strategy)].second;
}

std::optional<Strategy> strategyFromName(std::string_view name)
{
    for (const auto& [strategy, known] : names)
        if (known == name)
            return strategy;
    return std::nullopt;
}

} // namespace timestep
