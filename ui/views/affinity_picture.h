// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "ui/views/affinity_image.h"
#include "ui/views/score_overview.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// One head of one run, with all that is drawn of it. Immutable; keeps the run alive.
struct AffinityPicture
{
    std::shared_ptr<const Run> run; // null: nothing yet
    int layer = 0;
    int head = 0;
    AttentionMask mask; // as the run was, not as the settings are by now
    bool untrained = false;
    AffinityShading shading = AffinityShading::Head;
    AffinityStatisticsPointer statistics; // null: no tokens
    std::vector<float> fullColor; // (T)
    ScoreOverviewPointer scores; // null: shares are shown
    AffinityStage stage = AffinityStage::Softmax;

    /// `statistics`: of that head; null for a run that has recorded none. `scores`, of that head,
    /// for the stages before softmax.
    static std::shared_ptr<const AffinityPicture> of(std::shared_ptr<const Run> run, HeadIndex head,
        AffinityShading shading, AffinityStatisticsPointer statistics,
        AffinityStage stage = AffinityStage::Softmax, ScoreOverviewPointer scores = nullptr);

    HeadIndex index() const { return { layer, head }; }
    int tokens() const { return static_cast<int>(fullColor.size()); } // T
    const Affinities& affinities() const; // only where tokens() > 0
    QString label(int token) const; // of the window
    /// Tokens that row t may read.
    IndexRange readable(int row) const { return mask.keysSeenBy(row, tokens()); }
    // Each computed anew, from what O(T) memory keeps of the head.
    float share(int row, int column) const;
    std::vector<float> shares(int row) const; // of all tokens (T)
    std::optional<float> score(int row, int column) const; // q·k ÷ √d, also where it is masked
    int headWidth() const; // d
    int mostRead(int row) const; // ties: the earliest
    TokenId id(int row) const;
};

using AffinityPicturePointer = std::shared_ptr<const AffinityPicture>;

} // namespace timestep
