// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/pooled_affinities.h"
#include "engine/measurement/head_kind.h"
#include "engine/model/matrix.h"

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// What is known of a head only once all of its affinities have been met, T² of them; O(T) is kept.
struct AffinityStatistics
{
    std::vector<float> largest; // (T), share of each row

    /// How widely each row reads: the entropy of its shares in bits ÷ log₂ of the number of tokens
    /// it may read (t + 1 under the causal mask, at most as many as a window holds): 0 all from one
    /// token, 1 from all alike. A row that may read a single token has no spread: not a number. (T)
    std::vector<double> spread;

    /// What each token is read, summed over the rows that may read it, ÷ what it would be if each
    /// of them spread evenly over all it may read: 1 is an even share. (T)
    std::vector<double> received;

    // The whole head as a small picture: the largest share under each pixel, or nothingPooled.
    Matrix<float> overview; // (n, n), n = min(T, 256)
    Matrix<float> overviewByRow; // (n, n), each row's shares ÷ its largest

    HeadFigures figures; // what the head does in this text

    std::size_t tokens() const { return largest.size(); } // T
};

using AffinityStatisticsPointer = std::shared_ptr<const AffinityStatistics>;

/// What lies under the pixels of a small picture of a whole head: n = min(T, 256) of them a side.
CellsUnderPixels overviewCells(int tokens);

/// `tokens` (T) are those the affinities are of; none: what the head does is not asked.
/// Null when stopped, which is asked several times a millisecond.
AffinityStatisticsPointer affinityStatistics(const Affinities& affinities, HeadIndex head,
    std::span<const TokenId> tokens = {}, const std::stop_token& stop = {});

} // namespace timestep
