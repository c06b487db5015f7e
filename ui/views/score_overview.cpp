// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/score_overview.h"

#include "engine/execution/pooled_scores.h"
#include "ui/views/affinity_statistics.h"

#include <cmath>

namespace timestep {

float ScoreOverview::farthest() const
{
    float farthest = 0;
    for (const float score : seen.reshaped())
        if (std::abs(score) > farthest) // not a number is not
            farthest = std::abs(score);
    return farthest;
}

ScoreOverviewPointer scoreOverview(
    const Affinities& affinities, HeadIndex head, const std::stop_token& stop)
{
    const CellsUnderPixels cells = overviewCells(affinities.tokens());
    auto all = pooledScores(affinities, head, cells, ScorePairs::All, stop);
    auto seen = pooledScores(affinities, head, cells, ScorePairs::Seen, stop);
    if (!all || !seen)
        return nullptr;
    return std::make_shared<const ScoreOverview>(
        ScoreOverview { *std::move(all), *std::move(seen) });
}

} // namespace timestep
