// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/recall_prompt.h"

#include <compare>
#include <cstdint>
#include <vector>

namespace timestep {

/// What makes a recall prompt hard: how much there is to keep, and for how long.
struct RecallCell
{
    int pairs = 0;
    int distance = 0; // pairs between the one that is asked for and the question
    auto operator<=>(const RecallCell&) const = default;
};

/// Held-out prompts for each distance at some numbers of pairs, as many for one cell as for
/// another. (Of prompts drawn evenly over pairs, as training draws them, a cell of 32 pairs would
/// get one in a thousand.)
class RecallGrid
{
public:
    static constexpr std::int64_t mostPromptsPerCell = 1'000'000'000; // a number fits in 32 bits

    /// Throws Error unless there are pairs, each number of them is from 1 to 32, and a cell has 1
    /// to 10⁹ prompts.
    RecallGrid(std::vector<int> pairs, std::int64_t promptsPerCell, std::uint64_t seed);

    const std::vector<int>& pairs() const { return m_pairs; } // ascending, each once
    std::int64_t promptsPerCell() const { return m_promptsPerCell; }
    std::int64_t prompts() const; // of all cells
    std::int64_t promptsOf(int pairs) const { return pairs * m_promptsPerCell; }

    /// Prompt `number` of a cell: it follows from the seed, the cell and the number, so that more
    /// prompts, or more cells, leave it as it is. Two numbers may have the same prompt: with one
    /// pair there are 2,600, of which some 160 are held out.
    RecallPrompt prompt(RecallCell cell, std::int64_t number) const;

    /// Prompt `number` of promptsOf(pairs): all of one distance, then those of the next.
    RecallPrompt promptOf(int pairs, std::int64_t number) const;

private:
    std::vector<int> m_pairs;
    std::int64_t m_promptsPerCell;
    std::uint64_t m_seed;
};

} // namespace timestep
