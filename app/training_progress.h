// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace timestep {

/// A line on the terminal that is written over: step, loss, tokens a second, time left. The loss is
/// a running mean, for that of single batches jumps; the speed is that of some seconds.
class TrainingProgress
{
public:
    TrainingProgress(std::int64_t steps, std::int64_t stepsDone, std::int64_t tokensOfStep);

    void show(const TrainingStep& step, std::optional<double> heldOutLoss);
    /// Ends the line.
    void finish();

    /// Running mean over about the last twenty steps; nothing before there are so many.
    std::optional<double> meanLoss() const;
    std::string summary() const; // "200 steps in 0:31, loss 2.31, 66,000 tokens/s"

private:
    using Clock = std::chrono::steady_clock;

    double seconds() const; // since the beginning

    const bool m_watched; // by a person at a terminal
    const std::int64_t m_steps;
    const std::int64_t m_tokensOfStep;
    const Clock::time_point m_begin = Clock::now();
    Clock::time_point m_shown = m_begin;
    std::int64_t m_taken = 0; // steps since the beginning
    double m_meanLoss = 0;
    double m_secondsOfStep = 0; // running mean
    std::optional<double> m_heldOutLoss; // the last one
    std::int64_t m_traced = 0; // steps of which consolidation is known
    double m_bytesMoved = 0; // mean of those
    double m_consolidationShare = 0; // likewise
};

/// Seconds as 0:07, 12:03 or 1:02:33.
std::string durationText(double seconds);

} // namespace timestep
