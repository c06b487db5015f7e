// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/recall_grid.h"

#include "engine/error.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string>
#include <utility>

namespace timestep {

RecallGrid::RecallGrid(std::vector<int> pairs, std::int64_t promptsPerCell, std::uint64_t seed)
    : m_pairs(std::move(pairs))
    , m_promptsPerCell(promptsPerCell)
    , m_seed(seed)
{
    std::sort(m_pairs.begin(), m_pairs.end());
    m_pairs.erase(std::unique(m_pairs.begin(), m_pairs.end()), m_pairs.end());
    if (m_pairs.empty() || m_pairs.front() < 1 || m_pairs.back() > mostRecallPairs)
        throw Error("a recall grid has prompts of from 1 to " + std::to_string(mostRecallPairs)
            + " pairs; name numbers of pairs from this range");
    if (promptsPerCell < 1 || promptsPerCell > mostPromptsPerCell)
        throw Error("a cell of a recall grid has from 1 to " + std::to_string(mostPromptsPerCell)
            + " prompts; found " + std::to_string(promptsPerCell));
}

std::int64_t RecallGrid::prompts() const
{
    return std::accumulate(m_pairs.begin(), m_pairs.end(), std::int64_t { 0 },
        [this](std::int64_t sum, int pairs) { return sum + promptsOf(pairs); });
}

RecallPrompt RecallGrid::prompt(RecallCell cell, std::int64_t number) const
{
    assert(number >= 0 && number < m_promptsPerCell);
    const int place = cell.pairs * mostRecallPairs + cell.distance;
    RandomDraws draws(m_seed, DrawPurpose::RecallCell,
        (static_cast<std::uint64_t>(place) << 32U) + static_cast<std::uint64_t>(number));
    return drawnRecallPrompt(cell.pairs, cell.pairs - 1 - cell.distance, DataSide::HeldOut, draws);
}

RecallPrompt RecallGrid::promptOf(int pairs, std::int64_t number) const
{
    assert(number >= 0 && number < promptsOf(pairs));
    return prompt(
        { pairs, static_cast<int>(number / m_promptsPerCell) }, number % m_promptsPerCell);
}

} // namespace timestep
