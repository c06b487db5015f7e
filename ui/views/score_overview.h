// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/model/matrix.h"
#include "ui/views/affinity_stage.h"

#include <memory>
#include <stop_token>

namespace timestep {

/// What is known of the scores q·k ÷ √d of a head only once all of them have been met.
struct ScoreOverview
{
    // The whole head as a small picture: the score farthest from 0 under each pixel; not a number
    // where the mask leaves none. (n, n), n = min(T, 256)
    Matrix<float> all; // before the mask
    Matrix<float> seen; // of the pairs that the mask leaves

    const Matrix<float>& of(AffinityStage stage) const
    {
        return stage == AffinityStage::Scores ? all : seen;
    }
    /// Of the pairs that the mask leaves: what is farthest from 0, without its sign.
    float farthest() const;
};

using ScoreOverviewPointer = std::shared_ptr<const ScoreOverview>;

/// Null when stopped, and where scores are not kept.
ScoreOverviewPointer scoreOverview(
    const Affinities& affinities, HeadIndex head, const std::stop_token& stop = {});

} // namespace timestep
